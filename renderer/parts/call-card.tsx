/** One tool call in a thread: what it would do, where it stands, what it gave. */
import {
  ChevronRight,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CircleSlash,
  CircleX,
  Clock,
  CloudOff,
  Hand,
  LoaderCircle,
} from "lucide-react";
import { memo, useState, type KeyboardEvent, type ReactNode } from "react";
import type { CallView } from "#bridge/call.ts";
import { useAction } from "../state/action.ts";
import { isPlainKey } from "../state/keys.ts";
import { request, useRow } from "../state/host.ts";
import { showCard } from "../state/shell.ts";
import { takeUp } from "../state/take-up.ts";
import { callStateWords, callWords as words } from "../text/calls.ts";
import { confirmWords } from "../text/confirm.ts";
import { bytesWords, durationWords } from "../text/common.ts";
import { editWords } from "../text/edit.ts";
import { factWords } from "../text/facts.ts";
import { againWords } from "../text/typed.ts";
import { Arguments } from "./arguments.tsx";
import { visible } from "#bridge/plain-text.ts";
import { Button, Key, Note } from "./basic.tsx";
import { Ladder } from "./card-body.tsx";
import { ChangedArguments } from "./changed-arguments.tsx";
import { EditCall, isEditable } from "./edit-call.tsx";
import { EnclosedWords, OwnFileChange } from "./enclosed.tsx";
import { NobodyApproves } from "./nobody-approves.tsx";
import { Countdown } from "./time.tsx";

type State = CallView["state"];
const tones: Record<State, "" | "waiting" | "failed" | "done" | "accent"> = {
  proposed: "",
  confirming: "waiting",
  queued: "waiting",
  waiting: "waiting",
  approved: "accent",
  running: "accent",
  done: "done",
  failed: "failed",
  rejected: "failed",
  refused: "failed",
  canceled: "",
  expired: "failed",
  unknown: "waiting",
};
const openEnded: readonly State[] = ["confirming", "queued", "waiting"];
/** Came to nothing, or nobody knows: what was written for it can be taken up. */
const again: readonly State[] = ["failed", "rejected", "refused", "canceled", "expired", "unknown"];
const ended: readonly State[] = ["done", "canceled"];

const icons: Record<State, ReactNode> = {
  proposed: <CircleDashed className="icon small" aria-hidden />,
  confirming: <Hand className="icon small" aria-hidden />,
  queued: <CloudOff className="icon small" aria-hidden />,
  waiting: <Clock className="icon small" aria-hidden />,
  approved: <CircleCheck className="icon small" aria-hidden />,
  running: <LoaderCircle className="icon small spin" aria-hidden />,
  done: <CircleCheck className="icon small" aria-hidden />,
  failed: <CircleX className="icon small" aria-hidden />,
  rejected: <CircleX className="icon small" aria-hidden />,
  refused: <CircleSlash className="icon small" aria-hidden />,
  canceled: <CircleSlash className="icon small" aria-hidden />,
  expired: <Clock className="icon small" aria-hidden />,
  unknown: <CircleHelp className="icon small" aria-hidden />,
};

export const CallChip = ({ state }: { readonly state: State }) => (
  <span className={`chip ${tones[state]}`}>
    {icons[state]}
    {callStateWords[state]}
  </span>
);

interface CallCardProps {
  readonly call: CallView;
  readonly wid: string;
  readonly thread: string;
  /** Called by the person, who waits for the result: it is not folded away as an agent's is. */
  readonly direct: boolean;
}

export const CallCard = memo(({ call, wid, thread, direct }: CallCardProps) => {
  const [chosen, setChosen] = useState<boolean | null>(null);
  const open = chosen ?? !ended.includes(call.state);
  const [editing, setEditing] = useState(false);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isEditable(call) || editing || !isPlainKey(event.nativeEvent, "e")) return;
    event.preventDefault();
    setEditing(true);
  };
  return (
    <article
      className={`call ${tones[call.state]}`}
      aria-label={`${call.server}.${call.tool}: ${callStateWords[call.state]}`}
      data-state={call.state}
      onKeyDown={onKeyDown}
    >
      {editing && <EditCall wid={wid} thread={thread} call={call} onClose={() => setEditing(false)} />}
      <header className="row wrap">
        <button type="button" className="call-title row" aria-expanded={open} onClick={() => setChosen(!open)}>
          <ChevronRight className={open ? "icon small turned" : "icon small"} aria-hidden />
          <span className="mono cut">
            <span className="quiet">{call.server}.</span>
            {call.tool}
          </span>
        </button>
        <CallActions call={call} wid={wid} thread={thread} onEdit={() => setEditing(true)} />
      </header>
      <Standing call={call} open={open} />
      {call.state === "waiting" && call.request !== null && <CallLadder wid={wid} request={call.request} />}
      {(call.state === "waiting" || call.state === "refused") && <NobodyApproves wid={wid} call={call} />}
      {(open || (direct && call.result !== null)) && (
        <div className="call-body">
          {open && (
            <>
              {call.asked !== null && (
                <ChangedArguments
                  title={direct ? editWords.sinceAsked : editWords.youChanged}
                  before={call.asked}
                  after={call.args}
                />
              )}
              <EnclosedWords call={call} />
              <Arguments exact={call.args} />
              <OwnFileChange call={call} thread={thread} />
              {call.rule !== null && (
                <p className="faint">
                  {words.rule}: {factWords(call.rule)}
                </p>
              )}
            </>
          )}
          {call.result !== null && <Result result={call.result} />}
        </div>
      )}
    </article>
  );
});

/** Where the call stands, and what its person may still do about it. */
const CallActions = ({
  call,
  wid,
  thread,
  onEdit,
}: {
  readonly call: CallView;
  readonly wid: string;
  readonly thread: string;
  readonly onEdit: () => void;
}) => {
  const action = useAction();
  return (
    <span className="row call-actions">
      {call.startedAt !== null && call.endedAt !== null && (
        <span className="faint number">{durationWords(call.endedAt - call.startedAt)}</span>
      )}
      <CallChip state={call.state} />
      {call.state === "confirming" && call.request !== null && (
        <Button size="small" look="primary" onClick={() => showCard(wid, call.request ?? "")}>
          {confirmWords.open}
        </Button>
      )}
      {isEditable(call) && (
        <Button size="small" aria-keyshortcuts="E" onClick={onEdit}>
          {editWords.edit} <Key>E</Key>
        </Button>
      )}
      {again.includes(call.state) && (
        <Button
          size="small"
          title={againWords.hint}
          onClick={() =>
            takeUp(thread, { server: call.serverId, tool: call.tool, args: call.args, why: call.enclosed?.why ?? "" })
          }
        >
          {againWords.again}
        </Button>
      )}
      {openEnded.includes(call.state) && (
        <Button
          size="small"
          busy={action.busy}
          onClick={() => void action.run(() => request("call.cancel", { thread, call: call.id }))}
        >
          {words.cancel}
        </Button>
      )}
    </span>
  );
};

/** The line under the title: votes and time while it waits, who and why when it ended. */
const Standing = ({ call, open }: { readonly call: CallView; readonly open: boolean }) => {
  const bits: ReactNode[] = [];
  if (call.state === "waiting") bits.push(words.votes(call.votes, call.needed));
  if (call.state === "waiting" && call.expiresAt !== null)
    bits.push(
      <span key="left">
        <Countdown until={call.expiresAt} /> {words.left}
      </span>,
    );
  if (call.state === "rejected" && call.decidedBy === null) bits.push(confirmWords.youSaidNo);
  if (call.decidedBy !== null)
    bits.push(
      call.state === "rejected"
        ? words.rejectedBy(factWords(call.decidedBy))
        : words.approvedBy(factWords(call.decidedBy)),
    );
  // Unfolded, the rule stands below the arguments anyway.
  else if (call.state === "done" && !open && call.rule !== null) bits.push(factWords(call.rule));
  return (
    <>
      {bits.length > 0 && (
        <p className="call-line">
          {bits.map((bit, index) => (
            <span key={index}>
              {index > 0 && <span aria-hidden> · </span>}
              {bit}
            </span>
          ))}
        </p>
      )}
      {call.reason !== null && <p className="call-reason">{factWords(call.reason)}</p>}
      {call.state === "queued" && <p className="call-line">{words.queued}</p>}
      {call.state === "confirming" && <p className="call-line">{confirmWords.waits}</p>}
      {call.state === "unknown" && (
        <div className="call-note">
          <Note tone="waiting">{words.unknown}</Note>
        </div>
      )}
    </>
  );
};

/** Whom the request behind the call asks now, and whom next. */
const CallLadder = ({ wid, request: id }: { readonly wid: string; readonly request: string }) => {
  const card = useRow("cards", wid, id);
  if (card === undefined || card === null || card.rung.of === 0) return null;
  return (
    <div className="call-line">
      <Ladder card={card} />
    </div>
  );
};

const Result = ({ result }: { readonly result: NonNullable<CallView["result"]> }) => (
  <div className="stack tight">
    <div className="row">
      <span className="label-caps">{words.result}</span>
      <span className="faint number">
        {result.truncated
          ? words.cut(bytesWords(new TextEncoder().encode(result.text).length), bytesWords(result.bytes))
          : bytesWords(result.bytes)}
      </span>
    </div>
    {result.text === "" ? (
      <p className="faint">{words.noResult}</p>
    ) : (
      <pre className="scroll-text" tabIndex={0} role="region" aria-label={words.result}>
        {visible(result.text)}
      </pre>
    )}
  </div>
);
