/** The devices of one person: since when, whose key was replaced, and which of them came back in place of lost ones. */
import { Monitor, Plus, Server, Smartphone } from "lucide-react";
import { useState } from "react";
import type { DeviceView } from "#bridge/device.ts";
import type { MemberView } from "#bridge/member.ts";
import { Button } from "../../parts/basic.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { ReplaceKey } from "../../parts/replace-key.tsx";
import { When } from "../../parts/time.tsx";
import { request, useTopic } from "../../state/host.ts";
import { addingDevice } from "../../state/panels.ts";
import { deviceWords as words } from "../../text/devices.ts";
import { levelWords } from "../../text/levels.ts";
import { deviceName, versionOf } from "./device-name.ts";
import { offerWords } from "../../text/pair.ts";
import { factWords } from "../../text/facts.ts";

export const Devices = ({
  wid,
  member,
  level,
}: {
  readonly wid: string;
  readonly member: MemberView;
  /** The one that a device must know not to be behind. */
  readonly level: number;
}) => (
  <section className="stack tight">
    <h2 className="label-caps">{words.devices}</h2>
    <ul>
      {member.devices.map((device, index) => (
        <DeviceRow key={device.id} wid={wid} device={device} index={index + 1} level={level} />
      ))}
    </ul>
    {member.me && member.active && <Add wid={wid} />}
  </section>
);

const Add = ({ wid }: { readonly wid: string }) => {
  const can = useTopic("status", wid)?.canPair;
  const why = can?.allowed === false ? factWords(can.why) : undefined;
  return (
    <div className="row wrap">
      <Button
        size="small"
        disabled={why !== undefined}
        title={why}
        icon={<Plus className="icon small" aria-hidden />}
        onClick={() => addingDevice.set(true)}
      >
        {offerWords.add}
      </Button>
      {why !== undefined && <span className="faint">{why}</span>}
    </div>
  );
};

const DeviceRow = ({
  wid,
  device,
  index,
  level,
}: {
  readonly wid: string;
  readonly device: DeviceView;
  readonly index: number;
  readonly level: number;
}) => (
  <li className={device.revokedAt === null ? "row device-row" : "row device-row gone"}>
    <KindIcon kind={device.kind} />
    <span className="cut name">{deviceName(device, index)}</span>
    {device.current && <span className="chip">{words.thisDevice}</span>}
    {device.ended !== null && <span className="chip failed">{words.ended[device.ended]}</span>}
    {device.behind && <span className="chip waiting">{levelWords.behind(level)}</span>}
    <DeviceFacts device={device} />
    {device.revokedAt === null &&
      (device.current ? <ReplaceKey wid={wid} device={device} look="plain" /> : <Revoke wid={wid} device={device} />)}
  </li>
);

const ICONS = { desktop: Monitor, phone: Smartphone, runner: Server };
const KindIcon = ({ kind }: { readonly kind: DeviceView["kind"] }) => {
  const Icon = ICONS[kind];
  return <Icon className="icon small" aria-label={words.kinds[kind]} role="img" />;
};

/** What is known about a device, in one line. */
const DeviceFacts = ({ device }: { readonly device: DeviceView }) => (
  <span className="faint grow">
    {device.cameBack === null ? (
      <>
        {words.added} <When at={device.addedAt} />
      </>
    ) : (
      <span className="came-back">
        {words.cameBack(device.cameBack.by)}, <When at={device.cameBack.at} />
      </span>
    )}
    {device.keyReplacedAt !== null && (
      <>
        {" · "}
        {words.keyReplaced} <When at={device.keyReplacedAt} />
      </>
    )}
    {device.revokedAt === null && <> · {versionOf(device)}</>}
  </span>
);

const Revoke = ({ wid, device }: { readonly wid: string; readonly device: DeviceView }) => {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button
        size="small"
        look="plain"
        disabled={!device.canRevoke.allowed}
        title={factWords(device.canRevoke.why)}
        onClick={() => setAsking(true)}
      >
        {words.revoke}
      </Button>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={words.revokeTitle}
        verb={words.revoke}
        work={() => request("device.revoke", { wid, device: device.id })}
      >
        {words.revokeWhy}
      </Confirm>
    </>
  );
};
