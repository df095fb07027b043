/** A thread: header, messages, composer; the context panel stands beside it. */
import { Ellipsis, PanelRight, Pencil, Square, Trash2 } from "lucide-react";
import { useState } from "react";
import type { ThreadView } from "#bridge/thread.ts";
import { Button, Empty, IconButton, Problem, TextField } from "../../parts/basic.tsx";
import { ThreadBoundary } from "../../parts/boundary.tsx";
import { Confirm, Dialog } from "../../parts/dialog.tsx";
import { DialogForm } from "../../parts/dialog-form.tsx";
import { Menu } from "../../parts/menu.tsx";
import { useAction } from "../../state/action.ts";
import { request, useTopicState } from "../../state/host.ts";
import { openThread } from "../../state/route.ts";
import { panelOpen } from "../../state/panels.ts";
import { useStore } from "../../state/store.ts";
import { useThreadLog } from "../../state/thread-messages.ts";
import { commonWords } from "../../text/common.ts";
import { threadWords as words, threadTitle } from "../../text/thread.ts";
import { Composer } from "./composer.tsx";
import { MessageList } from "./message-list.tsx";
import { factWords } from "../../text/facts.ts";

export const ThreadPage = ({
  wid,
  thread,
  target,
}: {
  readonly wid: string;
  readonly thread: string;
  readonly target: number | null;
}) => {
  const { value: view, error } = useTopicState("thread", thread);
  const log = useThreadLog(thread);
  if (view === undefined)
    return (
      <div className="page-pad">
        {error === null ? <p className="faint late">{commonWords.loading}</p> : <Problem error={error} />}
      </div>
    );
  const total = Math.max(log.total, log.loaded ? view.messages : 0);
  return (
    <section className="thread" aria-label={threadTitle(view.thread.title)}>
      <ThreadHeader view={view} />
      {log.loaded && total === 0 ? (
        <div className="messages thread-empty">
          <Empty title={words.emptyTitle}>{view.model === null ? words.emptyNoModel : words.emptyModel}</Empty>
        </div>
      ) : log.loaded ? (
        <MessageList wid={wid} thread={thread} log={{ ...log, total }} target={target} />
      ) : (
        <div className="messages" />
      )}
      <RunLine view={view} />
      <Composer key={thread} wid={wid} view={view} />
    </section>
  );
};

const ThreadHeader = ({ view }: { readonly view: ThreadView }) => {
  const [dialog, setDialog] = useState<"rename" | "remove" | null>(null);
  const open = useStore(panelOpen);
  const id = view.thread.id;
  return (
    <header className="page-head">
      <h1 className="cut thread-title">{threadTitle(view.thread.title)}</h1>
      <ThreadBoundary />
      <span className="grow" />
      <Menu
        align="end"
        trigger={
          <IconButton name={words.actions}>
            <Ellipsis className="icon" aria-hidden />
          </IconButton>
        }
        entries={[
          {
            kind: "item",
            label: words.rename,
            icon: <Pencil className="icon small" aria-hidden />,
            onSelect: () => setDialog("rename"),
          },
          { kind: "line" },
          {
            kind: "item",
            label: words.remove,
            danger: true,
            icon: <Trash2 className="icon small" aria-hidden />,
            onSelect: () => setDialog("remove"),
          },
        ]}
      />
      <IconButton
        name={open ? words.hidePanel : words.showPanel}
        aria-pressed={open}
        onClick={() => panelOpen.set(!open)}
      >
        <PanelRight className="icon" aria-hidden />
      </IconButton>
      {dialog === "rename" && <Rename id={id} title={threadTitle(view.thread.title)} onClose={() => setDialog(null)} />}
      <Confirm
        open={dialog === "remove"}
        onClose={() => setDialog(null)}
        title={words.removeTitle}
        verb={words.remove}
        work={() => request("thread.delete", { thread: id }).then(() => openThread(null))}
      >
        {words.removeWhy}
      </Confirm>
    </header>
  );
};

const Rename = ({
  id,
  title,
  onClose,
}: {
  readonly id: string;
  readonly title: string;
  readonly onClose: () => void;
}) => {
  const [text, setText] = useState(title);
  const action = useAction("inline");
  const save = () =>
    void action.run(() => request("thread.rename", { thread: id, title: text })).then((ok) => ok && onClose());
  return (
    <Dialog open onClose={onClose} title={words.renameTitle}>
      <DialogForm
        action={action}
        problem={null}
        onSend={save}
        onCancel={onClose}
        verb={commonWords.save}
        disabled={text.trim() === ""}
      >
        <TextField
          label={words.titleLabel}
          value={text}
          onValue={setText}
          maxLength={80}
          problem={action.problem === null ? undefined : factWords(action.problem)}
        />
      </DialogForm>
    </Dialog>
  );
};

const RunLine = ({ view }: { readonly view: ThreadView }) => {
  const action = useAction();
  if (view.run === null) return null;
  return (
    <div className={`run-line ${view.run.state}`} role="status">
      <span
        className={`dot ${view.run.state === "thinking" || view.run.state === "calling" ? "running" : "waiting"}`}
        aria-hidden
      />
      <span className="grow">
        {words[view.run.state](view.run.step)}
        {view.run.note !== undefined && <span className="run-note">{factWords(view.run.note)}</span>}
      </span>
      <Button
        size="small"
        busy={action.busy}
        icon={<Square className="icon small" aria-hidden />}
        onClick={() => void action.run(() => request("run.stop", { thread: view.thread.id }))}
      >
        {words.stop}
      </Button>
    </div>
  );
};
