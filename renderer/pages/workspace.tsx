/** The frame of a workspace: sidebar, page, context panel, status line. */
import { Menu as MenuIcon, X } from "lucide-react";
import { Dialog } from "radix-ui";
import { useEffect, type ReactNode } from "react";
import type { AppView } from "#bridge/app.ts";
import { Button, Empty, IconButton, Key } from "../parts/basic.tsx";
import { OwnPromise } from "../parts/own-promise.tsx";
import { Sidebar } from "../parts/sidebar.tsx";
import { StatusLine } from "../parts/status-line.tsx";
import { attempt } from "../state/action.ts";
import { useArrivalNotices } from "../state/arrivals.ts";
import { useCameBack } from "../state/came-back.ts";
import { newThread } from "../state/commands.ts";
import { request, useTopic } from "../state/host.ts";
import { sectionKey, useKeys } from "../state/keys.ts";
import { useMedia } from "../state/media.ts";
import { NARROW, panelOpen, sideOpen, workspaceDialog } from "../state/panels.ts";
import { goTo, openThread, useRoute } from "../state/route.ts";
import { useStore } from "../state/store.ts";
import { createWords, joinWords, sideWords } from "../text/app.ts";
import { commonWords } from "../text/common.ts";
import { arriveWords } from "../text/pair.ts";
import { threadWords } from "../text/thread.ts";
import { Dialog as FormDialog } from "../parts/dialog.tsx";
import { AuditPage } from "./audit/audit-page.tsx";
import { CardsPage } from "./cards/cards-page.tsx";
import { CreateForm } from "./first-run/create-form.tsx";
import { JoinForm } from "./first-run/join-form.tsx";
import { KeyList } from "./key-list.tsx";
import { Palette } from "./palette.tsx";
import { ArriveForm } from "./pair/arrive-form.tsx";
import { AddDevice } from "./pair/offer-dialog.tsx";
import { SettingsPage } from "./settings/settings-page.tsx";
import { TeamPage } from "./team/team-page.tsx";
import { ContextPanel } from "./thread/context-panel.tsx";
import { ThreadPage } from "./thread/thread-page.tsx";
import { ToolsPage } from "./tools/tools-page.tsx";

export const Workspace = ({ app, wid }: { readonly app: AppView; readonly wid: string }) => {
  const route = useRoute();
  const narrow = useMedia(NARROW);
  const tiny = useMedia("(max-width: 639px)");
  const panel = useStore(panelOpen) && route.page === "thread" && route.thread !== null;
  useKeys(wid);
  useLeftThread(wid);
  useCameBack(wid);
  useArrivalNotices(wid);
  const side = <Sidebar app={app} wid={wid} />;
  return (
    <div className={`workspace${panel && !narrow ? " with-panel" : ""}${tiny ? " tiny" : ""}`}>
      {tiny ? (
        <SideSheet waiting={app.workspaces.find((each) => each.wid === wid)?.waiting ?? 0}>{side}</SideSheet>
      ) : (
        side
      )}
      <main className="page">
        <Page app={app} wid={wid} />
      </main>
      {panel && route.page === "thread" && route.thread !== null && (
        <Panel narrow={narrow}>
          <ContextPanel wid={wid} thread={route.thread} />
        </Panel>
      )}
      <StatusLine wid={wid} />
      <Palette app={app} wid={wid} />
      <KeyList />
      <WorkspaceDialogs />
      <AddDevice wid={wid} />
    </div>
  );
};

const Page = ({ app, wid }: { readonly app: AppView; readonly wid: string }) => {
  const route = useRoute();
  switch (route.page) {
    case "thread":
      return route.thread === null ? (
        <NoThread wid={wid} />
      ) : (
        <ThreadPage key={route.thread} wid={wid} thread={route.thread} target={route.seq} />
      );
    case "waiting":
      return <CardsPage wid={wid} chosen={route.request} />;
    case "team":
      return <TeamPage wid={wid} tab={route.tab} />;
    case "tools":
      return <ToolsPage wid={wid} />;
    case "settings":
      return <SettingsPage app={app} wid={wid} />;
    case "audit":
      return <AuditPage wid={wid} />;
  }
};

/** A deleted thread is left at once, and the newest one is opened at the start. */
const useLeftThread = (wid: string): void => {
  const route = useRoute();
  const threads = useTopic("threads", wid);
  const current = route.page === "thread" ? route.thread : undefined;
  useEffect(() => {
    if (threads === undefined || current === undefined) return;
    const [first] = threads.rows;
    if (current === null && first !== undefined) openThread(first.id);
  }, [threads, current]);
};

const NoThread = ({ wid }: { readonly wid: string }) => {
  const threads = useTopic("threads", wid);
  if (threads === undefined || threads.rows.length > 0) return null;
  return (
    <div className="page-pad">
      <OwnPromise wid={wid} />
      <Empty
        heading="h1"
        title={threadWords.noThreadTitle}
        action={
          <Button look="primary" onClick={() => newThread(wid)}>
            {threadWords.newThread} <Key>{sectionKey} N</Key>
          </Button>
        }
      >
        {threadWords.noThread}
      </Empty>
    </div>
  );
};

const SideSheet = ({ waiting, children }: { readonly waiting: number; readonly children: ReactNode }) => (
  <Dialog.Root open={useStore(sideOpen)} onOpenChange={sideOpen.set}>
    <div className="tiny-bar">
      <Dialog.Trigger asChild>
        <IconButton name={sideWords.showSide}>
          <MenuIcon className="icon" aria-hidden />
        </IconButton>
      </Dialog.Trigger>
      <span className="grow" />
      {waiting > 0 && (
        <Button size="small" onClick={() => goTo({ page: "waiting", request: null })}>
          {sideWords.waiting} <span className="count">{waiting}</span>
        </Button>
      )}
    </div>
    <Dialog.Portal>
      <Dialog.Overlay className="scrim" />
      <Dialog.Content className="sheet left" aria-describedby={undefined}>
        <Dialog.Title className="hidden-text">{sideWords.navigation}</Dialog.Title>
        {children}
      </Dialog.Content>
    </Dialog.Portal>
  </Dialog.Root>
);

const Panel = ({ narrow, children }: { readonly narrow: boolean; readonly children: ReactNode }) =>
  narrow ? (
    <Dialog.Root open onOpenChange={panelOpen.set}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim" />
        <Dialog.Content className="sheet right" aria-describedby={undefined}>
          <div className="row sheet-head">
            <Dialog.Title className="grow panel-title">{threadWords.panel}</Dialog.Title>
            <Dialog.Close asChild>
              <IconButton name={commonWords.close}>
                <X className="icon" aria-hidden />
              </IconButton>
            </Dialog.Close>
          </div>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  ) : (
    <aside className="panel" aria-label={threadWords.panel}>
      {children}
    </aside>
  );

/** Closing the dialog ends what is under way in it. */
const leaveArrival = (close: () => void): void => {
  attempt(() => request("pair.stop", {}));
  close();
};

const WorkspaceDialogs = () => {
  const open = useStore(workspaceDialog);
  const close = () => workspaceDialog.set(null);
  return (
    <>
      <FormDialog open={open === "create"} onClose={close} title={createWords.title}>
        <CreateForm onBack={close} inDialog />
      </FormDialog>
      <FormDialog open={open === "join"} onClose={close} title={joinWords.title}>
        <JoinForm pendingLink={null} onBack={close} inDialog />
      </FormDialog>
      <FormDialog open={open === "arrive"} onClose={() => leaveArrival(close)} title={arriveWords.title}>
        <ArriveForm pendingLink={null} onBack={close} inDialog />
      </FormDialog>
    </>
  );
};
