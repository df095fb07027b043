/**
 * A server that only this computer reaches: said before there is a link, with the addresses under which others could
 * reach it and one button that lets them.
 */
import { useEffect, useState, type ReactNode } from "react";
import { isHere } from "#bridge/here.ts";
import { visibleName } from "#bridge/plain-text.ts";
import type { ReachView } from "#bridge/workspace.ts";
import { useAction } from "../state/action.ts";
import { request, useTopic } from "../state/host.ts";
import { saidDone } from "../state/toasts.ts";
import { commonWords } from "../text/common.ts";
import { reachWords as words } from "../text/reach.ts";
import { Button, CheckField, Field, Note, Pick, Problem } from "./basic.tsx";

/** Asked again whenever the workspace's server has another address. */
const useReach = (wid: string) => {
  const server = useTopic("app")?.workspaces.find((each) => each.wid === wid)?.server;
  const [reach, setReach] = useState<ReachView | null>(null);
  const { problem, run } = useAction("inline");
  const look = () => void run(async () => setReach(await request("workspace.reach", { wid })));
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- one look for each address
  useEffect(look, [wid, server]);
  return { reach, problem, look };
};

interface AddressesProps {
  readonly wid: string;
  readonly reach: ReachView;
  readonly verb: string;
  readonly look: () => void;
}

const Addresses = ({ wid, reach, verb, look }: AddressesProps) => {
  const now = reach.addresses.find(({ host }) => new URL(reach.server).hostname.replace(/^\[|\]$/g, "") === host)?.host;
  const [picked, setPicked] = useState<string | null>(null);
  const action = useAction("inline");
  const chosen = reach.addresses.find(({ host }) => host === picked)?.host ?? now ?? reach.addresses[0]?.host;
  if (chosen === undefined) {
    return (
      <>
        <Problem error={reach.problem} />
        <div className="row">
          <Button size="small" onClick={look}>
            {words.lookAgain}
          </Button>
        </div>
      </>
    );
  }
  const change = () =>
    void action.run(async () => {
      const { server } = await request("workspace.letReach", { wid, host: chosen });
      saidDone(words.done(server));
    });
  return (
    <>
      <Field label={words.address} help={words.addressHelp}>
        {(wiring) => (
          <Pick
            wiring={wiring}
            value={chosen}
            onPick={(host) => {
              setPicked(host);
              action.clear();
            }}
            options={reach.addresses.map(({ host, name, kind }) => ({
              value: host,
              label: words.option(host, visibleName(name), words.kinds[kind]),
            }))}
          />
        )}
      </Field>
      <Problem error={action.problem} />
      <div className="row wrap">
        <Button look={reach.here ? "primary" : undefined} busy={action.busy} disabled={chosen === now} onClick={change}>
          {verb}
        </Button>
      </div>
    </>
  );
};

interface ReachGateProps {
  readonly wid: string;
  /** Whether the person said that the link is for a second app on this computer. */
  readonly insists: boolean;
  readonly onInsist: (insists: boolean) => void;
  readonly children: ReactNode;
}

/** Shows what makes or holds a link only where that link leads somewhere, or where it is meant for this computer. */
export const ReachGate = (props: ReachGateProps) => {
  const server = useTopic("app")?.workspaces.find((each) => each.wid === props.wid)?.server;
  return server === undefined || isHere(server) ? <OnlyHere {...props} /> : props.children;
};

const OnlyHere = ({ wid, insists, onInsist, children }: ReachGateProps) => {
  const { reach, problem, look } = useReach(wid);
  if (reach === null)
    return problem === null ? <p className="faint late">{commonWords.loading}</p> : <Problem error={problem} />;
  if (!reach.here) return children;
  return (
    <>
      <Note tone="waiting">
        <p className="strong">{words.only}</p>
        <p>{words.onlyWhy(reach.server)}</p>
        <p>{reach.embedded === null ? words.elsewhere : words.what}</p>
      </Note>
      {reach.embedded !== null && <Addresses wid={wid} reach={reach} verb={words.letReach} look={look} />}
      {insists && <Note>{words.insisted}</Note>}
      <CheckField label={words.another} help={words.anotherHelp} checked={insists} onChange={onInsist} />
      {insists && children}
    </>
  );
};

/** The same switch in Settings; nothing where the server is somebody else's. */
export const ReachSetting = ({ wid }: { readonly wid: string }) => {
  const { reach, look } = useReach(wid);
  if (reach === null || reach.embedded === null) return null;
  return (
    <div className="setting-row stack tight">
      <div className="setting-name">{words.setting}</div>
      <div className="faint">{reach.here ? `${words.only}. ${words.what}` : words.reachedAt(reach.server)}</div>
      <Addresses wid={wid} reach={reach} verb={reach.here ? words.letReach : words.otherAddress} look={look} />
      <div className="faint">{words.oldLinks}</div>
    </div>
  );
};
