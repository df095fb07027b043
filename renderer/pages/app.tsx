/** Chooses between: the host is not there, first run, a workspace. */
import { LoaderCircle, PlugZap } from "lucide-react";
import { useEffect } from "react";
import { Button, Problem } from "../parts/basic.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { setTheme } from "../parts/theme.ts";
import { Toasts } from "../parts/toasts.tsx";
import { bridge, useLink, useTopicState } from "../state/host.ts";
import { chosenWorkspace } from "../state/route.ts";
import { useStore } from "../state/store.ts";
import { joinWords } from "../text/app.ts";
import { linkWords } from "../text/errors.ts";
import { FirstRun } from "./first-run/first-run.tsx";
import { JoinForm } from "./first-run/join-form.tsx";
import { Workspace } from "./workspace.tsx";

export const App = () => {
  const link = useLink();
  const { value: app, error } = useTopicState("app");
  const chosen = useStore(chosenWorkspace);
  const theme = app?.settings.theme;
  useEffect(() => {
    if (theme !== undefined) setTheme(theme);
  }, [theme]);

  if (link.state === "failed") return <HostFailed />;
  if (app === undefined) return error === null ? <HostStarting /> : <div className="full"><Problem error={error} /></div>;
  const wid = app.workspaces.find((each) => each.wid === chosen)?.wid ?? app.workspaces[0]?.wid;
  return (
    <>
      {app.person === null || wid === undefined ? <FirstRun app={app} /> : <Workspace key={wid} app={app} wid={wid} />}
      {wid !== undefined && app.person !== null && <PendingJoin link={app.pendingLink} />}
      {link.state === "connecting" && <p className="reconnecting" role="status">{linkWords.connecting}</p>}
      <Toasts wid={app.person === null ? undefined : wid} />
    </>
  );
};

/** A join link that arrived while a workspace is open. The host forgets it when it was taken or refused. */
const PendingJoin = ({ link }: { readonly link: string | null }) => (
  <Dialog open={link !== null} onClose={() => void bridge.request("link.take", {}).catch(() => undefined)} title={joinWords.title}>
    <JoinForm pendingLink={link} onBack={() => undefined} inDialog />
  </Dialog>
);

export const HostStarting = () => (
  <main className="full late">
    <LoaderCircle className="icon spin" aria-hidden />
    <h1>{linkWords.connecting}</h1>
    <p role="status">{linkWords.connectingHint}</p>
  </main>
);

export const HostFailed = () => {
  const link = useLink();
  return (
    <main className="full">
      <PlugZap className="icon" aria-hidden />
      <h1>{linkWords.failed}</h1>
      <p role="alert">{link.error?.message}</p>
      <Button look="primary" onClick={() => bridge.retry()}>
        {linkWords.retry}
      </Button>
    </main>
  );
};
