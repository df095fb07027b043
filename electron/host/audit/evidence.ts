/** What is kept of a server's lies, for the person and for whoever they send it to. Nothing in it comes from a thread. */
import { hashOf } from "#core/protocol/crypto.ts";
import { docArgument, docBase } from "#core/protocol/ids.ts";
import type { DocName, QueueId } from "#core/protocol/ids.ts";
import { queuesEver } from "#core/rules/may.ts";
import { json } from "#core/protocol/parse.ts";
import type { EvidenceView } from "#bridge/evidence.ts";
import { factWords } from "#text/facts.ts";
import type { KeptEvidence, WorkspaceStore } from "#client/ports/store.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { isDoubt, isLie } from "#client/copy/lies.ts";
import { why } from "#core/facts/why.ts";
import { told } from "#bridge/told.ts";
import type { Told } from "#bridge/told.ts";
import type { Live } from "#client/live.ts";

export const EVIDENCE_FORMAT = "bulkhead-evidence-v1";
/** Characters of a saved file; the newest pieces that fit, lies before doubts. */
const FILE_MAX = 1_000_000;

const listOf = ({ log }: Live, doc: DocName): Told => {
  if (doc.startsWith("lane:")) return told("list.lane");
  if (!doc.startsWith("queue:")) return told(doc === "admin" ? "list.invites" : "list.log");
  const id = docArgument(docBase(doc)) as QueueId;
  return told("list.queue", queuesEver(log).find((queue) => queue.id === id)?.name ?? id);
};

export const evidenceView = (live: Live, rows: WorkspaceStore): EvidenceView => ({
  pieces: rows
    .evidence(live.wid)
    .filter(({ code }) => isLie(code))
    .toReversed()
    .map(({ at, code, doc, seq }) => ({
      at,
      code,
      list: listOf(live, doc),
      position: seq,
    })),
});

/** The position that a shown piece speaks of: an entry, a signed head, an acknowledgement or a WELCOME. */
const positionIn = (shown: string): number | null => {
  const [first = ""] = shown.split("\n");
  const text = first.startsWith("WELCOME ")
    ? first.slice("WELCOME ".length)
    : first.startsWith("{")
      ? first
      : (nodeCrypto.decode(first.split(".")[1] ?? "") ?? "");
  const said = json(text);
  const position = typeof said === "object" && said !== null && "s" in said ? said.s : null;
  return Number.isSafeInteger(position) ? (position as number) : null;
};

/** Both sides of a piece: what this computer had verified, exactly, and what the server showed, exactly. */
const bothSides = ({ at, code, doc, seq, head, shown }: KeptEvidence, live: Live, rows: WorkspaceStore) => {
  const entryAt = (position: number | null): { position: number; hash: string; entry: string } | null => {
    const entry = position === null || position < 1 ? undefined : rows.entries(live.wid, doc, position, 1)[0];
    return entry === undefined || position === null ? null : { position, hash: hashOf(nodeCrypto, entry), entry };
  };
  return {
    at: new Date(at).toISOString(),
    code,
    sentence: factWords(why("lie", code)),
    list: doc,
    verified: { position: seq, head, newest: entryAt(seq), there: entryAt(positionIn(shown)) },
    shown,
  };
};

export const evidenceFile = (live: Live, rows: WorkspaceStore, now: number): { name: string; text: string } => {
  const pieces: string[] = [];
  let left = FILE_MAX;
  const newest = rows.evidence(live.wid).toReversed();
  for (const kept of [...newest.filter(({ code }) => !isDoubt(code)), ...newest.filter(({ code }) => isDoubt(code))]) {
    const piece = isLie(kept.code) ? JSON.stringify(bothSides(kept, live, rows), null, 2) : "";
    if (piece === "" || piece.length > left) continue;
    left -= piece.length;
    pieces.push(piece);
  }
  const { log } = live;
  const top = {
    format: EVIDENCE_FORMAT,
    saved: new Date(now).toISOString(),
    workspace: live.wid,
    server: live.server(),
    serverKey: log.serverKey,
    log: { position: log.seq, head: log.head },
  };
  return {
    name: `bulkhead-evidence-${new Date(now).toISOString().slice(0, 10)}.json`,
    text: `${JSON.stringify(top, null, 2).slice(0, -2)},\n  "pieces": [\n${pieces.join(",\n")}\n  ]\n}\n`,
  };
};
