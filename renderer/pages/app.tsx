/** Chooses between: the host is not there, first run, a workspace. */
import { LoaderCircle, PlugZap } from "lucide-react";
import { useEffect } from "react";
import { drop } from "#core/facts/drop.ts";
import { Button, Problem } from "../parts/basic.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { useKeptFocus } from "../parts/return-focus.ts";
import { setTheme } from "../parts/theme.ts";
import { Toasts } from "../parts/toasts.tsx";
import { attempt } from "../state/action.ts";
import type { LinkState } from "../bridge.ts";
import { bridge, request, useLink, useTopic, useTopicState } from "../state/host.ts";
import { chooseWorkspace, chosenWorkspace } from "../state/route.ts";
import { useStore } from "../state/store.ts";
import { saidDone } from "../state/toasts.ts";
import { joinWords } from "../text/app.ts";
import { arriveWords } from "../text/pair.ts";
import { linkWords } from "../text/errors.ts";
import { FirstRun } from "./first-run/first-run.tsx";
import { JoinForm } from "./first-run/join-form.tsx";
import { ArriveForm, isPairLink } from "./pair/arrive-form.tsx";
import { Unread } from "./unread.tsx";
import { Workspace } from "./workspace.tsx";
import { factWords } from "../text/facts.ts";

export const App = () => {
  const link = useLink();
  const { value: app, error } = useTopicState("app");
  const chosen = useStore(chosenWorkspace);
  const theme = app?.settings.theme;
  useEffect(() => {
    if (theme !== undefined) setTheme(theme);
  }, [theme]);

  useArrived(app?.pendingLink ?? null);
  useKeptFocus();

  if (link.state === "failed") return <HostFailed />;
  if (app === undefined)
    return error === null ? (
      <HostStarting state={link.state} />
    ) : (
      <div className="full">
        <Problem error={error} />
      </div>
    );
  const wid = app.workspaces.find((each) => each.wid === chosen)?.wid ?? app.workspaces[0]?.wid;
  const inside = app.person !== null && wid !== undefined;
  return (
    <>
      {!inside ? <FirstRun app={app} /> : <Workspace key={wid} app={app} wid={wid} />}
      {inside && <PendingJoin link={app.pendingLink} />}
      {/* In a workspace the status line says it. */}
      {!inside && (link.state === "connecting" || link.state === "lost") && (
        <p className="reconnecting" role="status">
          {linkWords[link.state]}
        </p>
      )}
      <Unread count={app.unread} />
      <Toasts wid={inside ? wid : undefined} />
    </>
  );
};

/** This computer became a device of its person somewhere: there it goes, whichever screen it was asked from. */
const useArrived = (pendingLink: string | null): void => {
  const arrival = useTopic("pairing")?.arrival ?? null;
  const done = arrival?.step === "done" ? arrival : null;
  useEffect(() => {
    if (done === null) return;
    chooseWorkspace(done.wid);
    saidDone(arriveWords.done(done.workspace));
    attempt(() => request("pair.stop", {}));
    if (isPairLink(pendingLink)) attempt(() => request("link.take", {}));
    // Once for each arrival.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [done?.wid]);
};

/** A link that arrived while a workspace is open. The host forgets it when it was taken or refused. */
const PendingJoin = ({ link }: { readonly link: string | null }) => (
  <Dialog
    open={link !== null}
    onClose={() => drop(bridge.request("link.take", {}), "a link that stays is offered again")}
    title={isPairLink(link) ? arriveWords.title : joinWords.title}
  >
    {isPairLink(link) ? (
      <ArriveForm pendingLink={link} onBack={() => undefined} inDialog />
    ) : (
      <JoinForm pendingLink={link} onBack={() => undefined} inDialog />
    )}
  </Dialog>
);

export const HostStarting = ({ state }: { readonly state: LinkState["state"] }) => (
  <main className="full late">
    <LoaderCircle className="icon spin" aria-hidden />
    <h1>{state === "lost" ? linkWords.lost : linkWords.connecting}</h1>
    <p role="status">{state === "lost" ? linkWords.lostHint : linkWords.connectingHint}</p>
  </main>
);

export const HostFailed = () => {
  const link = useLink();
  const code = link.error?.code ?? "";
  return (
    <main className="full">
      <PlugZap className="icon" aria-hidden />
      <h1>{linkWords.failed[code] ?? (code.startsWith("store-") ? linkWords.unopened : linkWords.away)}</h1>
      <p role="alert">{link.error !== null && factWords(link.error)}</p>
      {/* What was brought over is opened by the next start alone. */}
      {code !== "store-corrupt" && (
        <Button look="primary" onClick={() => bridge.retry()}>
          {linkWords.retry}
        </Button>
      )}
    </main>
  );
};
