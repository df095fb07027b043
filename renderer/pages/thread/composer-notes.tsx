/** What stands around the box in which a person writes: messages not read yet, unfinished calls, text of another window. */
import type { CallDraft, ThreadView } from "#bridge/thread.ts";
import type { ToolsView } from "#bridge/tool.ts";
import { Button } from "../../parts/basic.tsx";
import { useAction } from "../../state/action.ts";
import { drafts } from "../../state/draft.ts";
import { withoutCall } from "../../state/draft-calls.ts";
import type { DraftState } from "../../state/drafts.ts";
import { request } from "../../state/host.ts";
import { draftWords, sendWords } from "../../text/typed.ts";
import { factWords } from "../../text/facts.ts";

/** Sent while the agent works: in sight until it is read, and still the person's own to take back. */
export const Unread = ({ view }: { readonly view: ThreadView }) => {
  const action = useAction();
  const thread = view.thread.id;
  if (view.unread.length === 0) return null;
  const takeBack = (message: string) =>
    action.run(async () => {
      const { text } = await request("thread.takeBack", { thread, message });
      drafts.change(thread, (draft) => ({
        ...draft,
        text: draft.text.trim() === "" ? text : `${text}\n\n${draft.text}`,
      }));
    });
  return (
    <div className="composer-notes">
      <ul aria-label={sendWords.unread}>
        {view.unread.map((message) => (
          <li key={message.id} className="row">
            <span className="cut grow">{message.text}</span>
            <Button size="small" onClick={() => void takeBack(message.id)}>
              {sendWords.takeBack}
            </Button>
          </li>
        ))}
      </ul>
      <p className="row faint" role="status">
        <span className="grow">{view.run === null ? sendWords.notRead : sendWords.readNext}</span>
        {view.run === null && (
          <Button
            size="small"
            busy={action.busy}
            onClick={() => void action.run(() => request("thread.sendUnread", { thread }))}
          >
            {sendWords.sendNow}
          </Button>
        )}
      </p>
    </div>
  );
};

const pathOf = (tools: ToolsView | undefined, call: CallDraft): string => {
  const name = tools?.servers.find((server) => server.id === call.server)?.name;
  return name === undefined ? call.tool : `${name}.${call.tool}`;
};

/** Forms that were left before the call was made. */
export const Unfinished = ({
  thread,
  state,
  tools,
  ready,
}: {
  readonly thread: string;
  readonly state: DraftState;
  readonly tools: ToolsView | undefined;
  readonly ready: (call: CallDraft) => boolean;
}) => {
  const { calls } = state.draft;
  if (calls.length === 0) return null;
  return (
    <ul className="composer-notes" aria-label={draftWords.unfinished}>
      {calls.map((call, at) => (
        <li key={at} className="row">
          <span className="grow">
            {draftWords.unfinishedCall(pathOf(tools, call))}
            {!ready(call) && <span className="faint"> {draftWords.notReady}</span>}
          </span>
          <Button
            size="small"
            disabled={!ready(call)}
            aria-label={draftWords.goOnCall(pathOf(tools, call))}
            onClick={() => drafts.change(thread, (draft) => ({ ...draft, open: at }))}
          >
            {draftWords.goOn}
          </Button>
          <Button
            size="small"
            aria-label={draftWords.discardCall(pathOf(tools, call))}
            onClick={() => drafts.change(thread, (draft) => withoutCall(draft, at))}
          >
            {draftWords.discard}
          </Button>
        </li>
      ))}
    </ul>
  );
};

/** Two windows wrote here: the one typed in last is in the box, the other text is offered. */
export const Aside = ({ thread, state }: { readonly thread: string; readonly state: DraftState }) => {
  const action = useAction();
  if (state.aside.length === 0) return null;
  return (
    <div className="composer-notes" role="status">
      {state.aside.map(({ id, text, tools }) => (
        <div key={id} className="row wrap">
          <span className="faint">{draftWords.elsewhere}</span>
          <span className={text === "" ? "grow" : "cut grow"}>
            {text === "" ? draftWords.asideCalls(tools.length) : text}
          </span>
          <Button size="small" busy={action.busy} onClick={() => void action.run(() => drafts.aside(thread, id, true))}>
            {draftWords.use}
          </Button>
          <Button
            size="small"
            busy={action.busy}
            onClick={() => void action.run(() => drafts.aside(thread, id, false))}
          >
            {draftWords.putAway}
          </Button>
        </div>
      ))}
    </div>
  );
};

export const NotKept = ({ state }: { readonly state: DraftState }) =>
  state.unkept === null ? null : (
    <p className="composer-hint faint" role="status">
      {factWords(state.unkept)}
    </p>
  );
