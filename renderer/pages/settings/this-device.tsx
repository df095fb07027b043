/** The device that this is in the open workspace, and its key. */
import type { AppView } from "#bridge/app.ts";
import { ReplaceKey } from "../../parts/replace-key.tsx";
import { When } from "../../parts/time.tsx";
import { useTopic } from "../../state/host.ts";
import { deviceWords } from "../../text/devices.ts";
import { settingsWords as words } from "../../text/settings.ts";

export const ThisDevice = ({ app, wid }: { readonly app: AppView; readonly wid: string }) => {
  const team = useTopic("team", wid);
  const device = team?.members.find((member) => member.me)?.devices.find(({ current }) => current);
  return (
    <section className="setting" aria-labelledby="device-title">
      <h2 id="device-title">{words.device}</h2>
      <dl className="facts">
        {app.keys !== null && (
          <div>
            <dt>{words.keys}</dt>
            <dd>
              {app.keys.storage === "keychain" ? words.keychain : words.file}
              <p className="faint">{app.keys.detail}</p>
            </dd>
          </div>
        )}
        {device !== undefined && (
          <div>
            <dt>{words.inWorkspace(team?.name ?? "")}</dt>
            <dd>
              {deviceWords.added} <When at={device.addedAt} />
              {device.keyReplacedAt !== null && (
                <>
                  {" · "}
                  {deviceWords.keyReplaced} <When at={device.keyReplacedAt} />
                </>
              )}
            </dd>
          </div>
        )}
      </dl>
      {team !== undefined && (device === undefined || device.revokedAt !== null) ? (
        <p className="faint">{deviceWords.none}</p>
      ) : null}
      {device !== undefined && device.revokedAt === null && (
        <div className="row wrap">
          <ReplaceKey wid={wid} device={device} />
        </div>
      )}
    </section>
  );
};
