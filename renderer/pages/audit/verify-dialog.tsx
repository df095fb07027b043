/** Verifying a saved audit: the file goes to the host in pieces, which answers what it proves. */
import { useEffect, useRef, useState } from "react";
import type { AuditCheckView } from "#bridge/audit.ts";
import { told } from "#bridge/told.ts";
import { Failure } from "../../failure.ts";
import { Button, Field, Note, Problem } from "../../parts/basic.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Facts, type Fact } from "../../parts/facts.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { useQueueName } from "../../state/queue-name.ts";
import { verifyWords as words } from "../../text/audit.ts";
import { commonWords, numberWords } from "../../text/common.ts";
import { HeadTable } from "./heads-dialog.tsx";
import { factWords } from "../../text/facts.ts";

/** The host takes no more; a file of this many bytes has at most as many characters. */
const FILE_MAX = 32_000_000;
/** Small enough for one frame however the text is written in it. */
const PIECE = 131_072;

type Verdict = Exclude<AuditCheckView, { state: "checking" }>;

export const VerifyDialog = ({ wid, onClose }: { readonly wid: string; readonly onClose: () => void }) => {
  const [file, setFile] = useState("");
  const [rows, setRows] = useState(0);
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const { busy, problem, run } = useAction("inline");
  /** Counts the files that were chosen: what an earlier one says is of no interest any more. */
  const turn = useRef(0);
  useEffect(
    () => () => {
      turn.current += 1;
    },
    [],
  );
  const verify = (chosen: File) => {
    turn.current += 1;
    const mine = turn.current;
    setFile(chosen.name);
    setRows(0);
    setVerdict(null);
    void run(async () => {
      const found = await verdictOn(chosen, () => mine === turn.current, setRows);
      if (found !== null && mine === turn.current) setVerdict(found);
    });
  };
  return (
    <Dialog open wide onClose={onClose} title={words.title} description={words.why}>
      <Field label={words.file} help={words.help}>
        {(wiring) => (
          <input
            {...wiring}
            className="input file"
            type="file"
            accept=".jsonl,.csv"
            disabled={busy}
            onChange={(event) => {
              const chosen = event.target.files?.[0];
              if (chosen !== undefined) verify(chosen);
            }}
          />
        )}
      </Field>
      {busy && (
        <p className="faint number" role="status">
          {words.checking(rows)}
        </p>
      )}
      <Problem error={problem} />
      {verdict !== null && <Finding wid={wid} file={file} verdict={verdict} />}
      <div className="dialog-foot">
        <Button look={verdict === null ? undefined : "primary"} onClick={onClose}>
          {verdict === null ? commonWords.cancel : words.done}
        </Button>
      </div>
    </Dialog>
  );
};

/** Null where the person chose another file, or closed the window, meanwhile. */
const verdictOn = async (file: File, wanted: () => boolean, tell: (rows: number) => void): Promise<Verdict | null> => {
  const format = /\.(jsonl|csv)$/i.exec(file.name)?.[1]?.toLowerCase();
  if (format !== "jsonl" && format !== "csv") throw new Failure(told("audit-file-name"));
  if (file.size > FILE_MAX) throw new Failure(told("audit-file-large"));
  const text = await file.text();
  const { check } = await request("audit.checkStart", { format });
  for (let at = 0; at < text.length && wanted(); at += PIECE)
    await request("audit.checkAdd", { check, text: text.slice(at, at + PIECE) });
  while (wanted()) {
    const view = await request("audit.checkNext", { check });
    if (view.state !== "checking") return view;
    tell(view.rows);
  }
  await request("audit.checkStop", { check });
  return null;
};

const Finding = ({ wid, file, verdict }: { readonly wid: string; readonly file: string; readonly verdict: Verdict }) =>
  verdict.state !== "verified" ? (
    <section className="stack tight" role="alert" aria-label={words[verdict.state]}>
      <p>
        <span className={verdict.state === "broken" ? "chip failed" : "chip"}>{words[verdict.state]}</span>
      </p>
      <p>{words.brokenAt(file, verdict.line, factWords(verdict.why))}</p>
      <p className="quiet">{verdict.state === "broken" ? words.brokenTodo : words.unjudgedTodo}</p>
    </section>
  ) : (
    <Verified wid={wid} file={file} verdict={verdict} />
  );

/** The names of queues of a workspace that is not on this computer stand in no head: they are told apart by number. */
const queueNumber =
  (heads: readonly { readonly doc: string }[]): ((id: string) => string) =>
  (id) =>
    words.queue(1 + heads.filter(({ doc }) => doc.startsWith("queue:")).findIndex(({ doc }) => doc.includes(id)));

const Verified = ({
  wid,
  file,
  verdict,
}: {
  readonly wid: string;
  readonly file: string;
  readonly verdict: Extract<Verdict, { state: "verified" }>;
}) => {
  const queueName = useQueueName(wid);
  const { first, last, rows, here, heads, otherWords } = verdict;
  const aloud = words.aloud(heads.find(({ doc }) => doc === "log")?.seq ?? 0);
  const facts: Fact[] = [
    [words.acts, numberWords(rows)],
    [words.from, words.moment(commonWords.exactTime(first.at), `${first.who} ${factWords(first.act)}`)],
    [words.to, words.moment(commonWords.exactTime(last.at), `${last.who} ${factWords(last.act)}`)],
    here !== null
      ? [words.workspace, here.name]
      : [
          words.workspaceId,
          <span key="wid" className="mono-small">
            {verdict.wid}
          </span>,
        ],
  ];
  return (
    <section className="stack" aria-label={words.verified}>
      <p role="status">
        <span className="chip done">{words.verified}</span> {words.whole(file)}
      </p>
      <Facts facts={facts} />
      <Note {...(here?.standing === "same" ? {} : { tone: "waiting" as const })}>
        {here === null ? words.elsewhere : words.here[here.standing](here.name)}
      </Note>
      {otherWords !== null && <Note tone="waiting">{words.otherWords(otherWords.lines, otherWords.first)}</Note>}
      <h3 className="label-caps">{aloud}</h3>
      <ol className="spoken-words" aria-label={aloud}>
        {verdict.words.map((word, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- a word may come twice, and its place is what it is
          <li key={index}>{word}</li>
        ))}
      </ol>
      <HeadTable name={words.heads} heads={heads} queueName={verdict.wid === wid ? queueName : queueNumber(heads)} />
    </section>
  );
};
