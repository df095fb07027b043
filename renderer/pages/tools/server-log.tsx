/** What a server wrote on this computer. */
import { useEffect, useState } from "react";
import type { ServerView } from "#bridge/tool.ts";
import { visible } from "#bridge/plain-text.ts";
import { Button, Problem } from "../../parts/basic.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { toolsWords as words } from "../../text/tools.ts";

/** The id under which the output of the last tried server is kept. It has ended when it is read. */
export const PROBE = "probe";

export const ServerLog = ({
  wid,
  server,
  onClose,
}: {
  readonly wid: string;
  readonly server: ServerView;
  readonly onClose: () => void;
}) => (
  <Dialog open wide onClose={onClose} title={words.logTitle(server.name)} description={words.logWhy}>
    <ServerOutput wid={wid} server={server.id} label={words.logTitle(server.name)} />
  </Dialog>
);

interface ServerOutputProps {
  readonly wid: string;
  readonly server: string;
  readonly label: string;
}

export const ServerOutput = ({ wid, server, label }: ServerOutputProps) => {
  const [lines, setLines] = useState<readonly string[] | null>(null);
  const action = useAction("inline");
  const read = () => void action.run(async () => setLines((await request("server.log", { wid, server })).lines));
  useEffect(() => {
    read();
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- read once when opened; the button reads again
  }, [wid, server]);
  return (
    <>
      <Problem error={action.problem} />
      {lines !== null && (
        <pre className="scroll-text log-text" tabIndex={0} role="region" aria-label={label}>
          {lines.length === 0 ? words.logEmpty : lines.map(visible).join("\n")}
        </pre>
      )}
      {server !== PROBE && (
        <div className="dialog-foot">
          <Button busy={action.busy} onClick={read}>
            {words.refresh}
          </Button>
        </div>
      )}
    </>
  );
};
