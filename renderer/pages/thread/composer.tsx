/** Where a person writes, and where they see what leaves this computer before it does. Nothing typed here is lost. */
import { ArrowUp } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { MESSAGE_MAX } from "#bridge/limits.ts";
import type { CallDraft, ThreadView } from "#bridge/thread.ts";
import { told } from "#bridge/told.ts";
import { Button, Problem } from "../../parts/basic.tsx";
import { EncloseHint } from "../../parts/enclosed.tsx";
import { Limit } from "../../parts/limit.tsx";
import { useAction } from "../../state/action.ts";
import { drafts, useDraft } from "../../state/draft.ts";
import { withCalled, withChosen, withClosed, withTyped } from "../../state/draft-calls.ts";
import { request, useTopic } from "../../state/host.ts";
import { writing } from "../../state/panels.ts";
import { useStore } from "../../state/store.ts";
import { matching, picked, readyTools, type ToolChoice } from "../../state/tool-choice.ts";
import { composerWords as words } from "../../text/thread.ts";
import { Aside, NotKept, Unfinished, Unread } from "./composer-notes.tsx";
import { Leaves, NoModelHint } from "./leaves.tsx";
import { ModelPick } from "./model-pick.tsx";
import { ToolForm } from "./tool-form.tsx";
import { ToolList } from "./tool-list.tsx";

export const Composer = ({ wid, view }: { readonly wid: string; readonly view: ThreadView }) => {
  const thread = view.thread.id;
  const state = useDraft(thread);
  const tools = useTopic("tools", wid);
  const choices = readyTools(tools);
  const choiceOf = (call: CallDraft) =>
    choices.find((choice) => choice.server.id === call.server && choice.tool.name === call.tool);
  const { draft } = state;
  const at = draft.open ?? -1;
  const call = draft.calls[at];
  const choice = call === undefined ? undefined : choiceOf(call);
  return (
    <div className="composer">
      <Unread view={view} />
      <Aside thread={thread} state={state} />
      {call !== undefined && choice !== undefined ? (
        <ToolForm
          key={`${state.replaced} ${at} ${choice.path}`}
          wid={wid}
          thread={thread}
          choice={choice}
          call={call}
          onTyped={(typed) => drafts.change(thread, (now) => withTyped(now, at, typed))}
          onClose={(called) => {
            drafts.change(thread, (now) => (called ? withCalled(now, at) : withClosed(now)));
            drafts.flush(thread);
          }}
        />
      ) : (
        <>
          <Writer
            wid={wid}
            view={view}
            text={draft.text}
            setText={(text) => drafts.change(thread, (now) => ({ ...now, text }))}
            onChoose={({ server, tool }) => drafts.change(thread, (now) => withChosen(now, server.id, tool.name))}
          />
          {/* Below the box: above it the list of tools would lie over it. */}
          <Unfinished thread={thread} state={state} tools={tools} ready={(each) => choiceOf(each) !== undefined} />
        </>
      )}
      <NotKept state={state} />
    </div>
  );
};

interface WriterProps {
  readonly wid: string;
  readonly view: ThreadView;
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly onChoose: (choice: ToolChoice) => void;
}

/** Beyond this the box has its full height anyway, and measuring so much text at each key is slow. */
const MEASURED = 20_000;
const BOX_PX = 240;

const Writer = ({ wid, view, text, setText, onChoose }: WriterProps) => {
  const tools = useTopic("tools", wid);
  /** Where the person moved to in the list, or null. */
  const [moved, setMoved] = useState<number | null>(null);
  const [closed, setClosed] = useState(false);
  /** How often somebody tried to send without a model: each time it is said anew. */
  const [asked, setAsked] = useState(0);
  const box = useRef<HTMLTextAreaElement>(null);
  const action = useAction("inline");
  const listing = text.startsWith("/") && !text.includes("\n") && !closed;
  const typed = text.slice(1);
  const choices = listing ? matching(readyTools(tools), typed) : [];
  const current = picked(choices, typed, moved);
  const thread = view.thread.id;

  const wanted = useStore(writing);
  useEffect(() => box.current?.focus({ preventScroll: true }), [wanted]);
  useEffect(() => {
    const area = box.current;
    if (area === null) return;
    area.style.height = "auto";
    area.style.height = `${text.length > MEASURED ? BOX_PX : Math.min(area.scrollHeight, BOX_PX)}px`;
  }, [text]);

  const send = () => {
    if (text.trim() === "" || text.length > MESSAGE_MAX || action.busy) return;
    if (view.model === null) return setAsked(asked + 1);
    setAsked(0);
    void action
      .run(() => request("thread.send", { thread, text, writer: drafts.writer }))
      .then((ok) => {
        // Only what was sent leaves the box: somebody may have gone on writing.
        if (ok)
          drafts.change(thread, (draft) =>
            draft.text.startsWith(text) ? { ...draft, text: draft.text.slice(text.length) } : draft,
          );
      });
  };

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const down = event.key === "ArrowDown" || (event.key === "Tab" && current === null && !event.shiftKey);
    if (listing && choices.length > 0 && (down || event.key === "ArrowUp")) {
      event.preventDefault();
      setMoved(
        current === null
          ? down
            ? 0
            : choices.length - 1
          : (current + (down ? 1 : choices.length - 1)) % choices.length,
      );
    } else if (listing && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      setClosed(true);
    } else if ((event.key === "Enter" || (listing && event.key === "Tab")) && !event.shiftKey) {
      const choice = current === null ? undefined : choices[current];
      if (event.key === "Tab" && choice === undefined) return;
      event.preventDefault();
      if (choice !== undefined) onChoose(choice);
      else if (text === "/") setMoved(0);
      else send();
    }
  };

  return (
    <>
      <div className="composer-place">
        {listing && (
          <ToolList
            choices={choices}
            active={current}
            ready={readyTools(tools).length}
            queues={tools?.queues ?? []}
            onChoose={onChoose}
          />
        )}
        <div className="composer-box">
          <textarea
            ref={box}
            rows={1}
            aria-label={words.message}
            placeholder={view.model === null ? words.placeholderNoModel : words.placeholder}
            value={text}
            aria-autocomplete={listing ? "list" : undefined}
            aria-controls={listing && choices.length > 0 ? "tool-list" : undefined}
            aria-activedescendant={current === null ? undefined : `tool-choice-${current}`}
            onChange={(event) => {
              setText(event.target.value);
              action.clear();
              setMoved(null);
              setClosed(false);
            }}
            onKeyDown={onKeyDown}
          />
          <Limit length={text.length} max={MESSAGE_MAX} />
          <div className="composer-foot">
            <Leaves view={view} />
            <div className="row">
              <ModelPick view={view} />
              <Button
                look="primary"
                size="small"
                icon={<ArrowUp className="icon small" aria-hidden />}
                disabled={text.trim() === "" || text.length > MESSAGE_MAX}
                busy={action.busy}
                onClick={send}
              >
                {words.send}
              </Button>
            </div>
          </div>
        </div>
      </div>
      <Problem error={action.problem === null ? null : told("not-sent", action.problem)} />
      {asked > 0 && view.model === null && <Problem key={asked} error={told("no-model-answers")} />}
      {view.model !== null && <EncloseHint />}
      <NoModelHint view={view} />
    </>
  );
};
