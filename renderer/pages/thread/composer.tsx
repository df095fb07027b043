/** Where a person writes, and where they see what leaves this computer before it does. */
import { ArrowUp } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { ThreadView } from "#bridge/thread-views.ts";
import { Button } from "../../parts/basic.tsx";
import { EncloseHint } from "../../parts/enclosed.tsx";
import { useAction } from "../../state/action.ts";
import { useDraft } from "../../state/draft.ts";
import { request, useTopic } from "../../state/host.ts";
import { matching, readyTools, type ToolChoice } from "../../state/tool-choice.ts";
import { composerWords as words } from "../../text/thread.ts";
import { Leaves, NoModelHint } from "./leaves.tsx";
import { ModelPick } from "./model-pick.tsx";
import { ToolForm } from "./tool-form.tsx";
import { ToolList } from "./tool-list.tsx";

export const Composer = ({ wid, view }: { readonly wid: string; readonly view: ThreadView }) => {
  const [chosen, setChosen] = useState<ToolChoice | null>(null);
  const draft = useDraft(view.thread.id);
  if (chosen !== null)
    return (
      <div className="composer">
        <ToolForm
          wid={wid}
          thread={view.thread.id}
          choice={chosen}
          onClose={(called) => {
            setChosen(null);
            if (called) draft.set("");
          }}
        />
      </div>
    );
  return <Writer wid={wid} view={view} text={draft.text} setText={draft.set} onChoose={setChosen} />;
};

interface WriterProps {
  readonly wid: string;
  readonly view: ThreadView;
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly onChoose: (choice: ToolChoice) => void;
}

const Writer = ({ wid, view, text, setText, onChoose }: WriterProps) => {
  const tools = useTopic("tools", wid);
  const [active, setActive] = useState(0);
  const [closed, setClosed] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const action = useAction();
  const listing = text.startsWith("/") && !text.includes("\n") && !closed;
  const choices = listing ? matching(readyTools(tools), text.slice(1)) : [];
  const current = Math.min(active, Math.max(0, choices.length - 1));
  const canSend = view.model !== null && text.trim() !== "" && !listing && view.run === null;

  useEffect(() => box.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    const area = box.current;
    if (area === null) return;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 240)}px`;
  }, [text]);

  const send = () => {
    if (!canSend || action.busy) return;
    const sent = text;
    setText("");
    void action.run(() => request("thread.send", { thread: view.thread.id, text: sent })).then((ok) => !ok && setText(sent));
  };

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (listing && choices.length > 0 && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      setActive((current + (event.key === "ArrowDown" ? 1 : choices.length - 1)) % choices.length);
    } else if (listing && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      setClosed(true);
    } else if ((event.key === "Enter" || (listing && event.key === "Tab")) && !event.shiftKey) {
      event.preventDefault();
      const choice = choices[current];
      if (listing && choice !== undefined) onChoose(choice);
      else if (event.key === "Enter") send();
    }
  };

  return (
    <div className="composer">
      {listing && <ToolList choices={choices} active={current} ready={readyTools(tools).length} queues={tools?.queues ?? []} onActive={setActive} onChoose={onChoose} />}
      <div className="composer-box">
        <textarea
          ref={box}
          rows={1}
          aria-label={words.message}
          placeholder={view.model === null ? words.placeholderNoModel : words.placeholder}
          value={text}
          aria-autocomplete={listing ? "list" : undefined}
          aria-controls={listing && choices.length > 0 ? "tool-list" : undefined}
          aria-activedescendant={listing && choices.length > 0 ? `tool-choice-${current}` : undefined}
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
            setClosed(false);
          }}
          onKeyDown={onKeyDown}
        />
        <div className="composer-foot">
          <Leaves view={view} />
          <div className="row">
            <ModelPick view={view} />
            <Button look="primary" size="small" icon={<ArrowUp className="icon small" aria-hidden />} disabled={!canSend} busy={action.busy} onClick={send}>
              {words.send}
            </Button>
          </div>
        </div>
      </div>
      {view.model !== null && <EncloseHint />}
      <NoModelHint view={view} />
    </div>
  );
};
