/**
 * One workspace as this node has folded it: the log, and the other documents that somebody needed. `judge` turns a
 * command into entries by running the same rules as every client. It changes the folded state before the entries are
 * stored, so whoever calls it drops the whole workspace when storing fails.
 */
import { readCommand } from "#core/protocol/envelope.ts";
import type { CommandPayload, Signed } from "#core/protocol/command.ts";
import { hashOf } from "#core/protocol/crypto.ts";
import type { Build } from "#core/protocol/levels.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";
import { writeEntry } from "#core/protocol/entry.ts";
import type { Ingested } from "#core/rules/fold.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DeviceId, DocName, Hash, WorkspaceId } from "#core/protocol/ids.ts";
import { reject } from "#core/facts/reject.ts";
import type { Reject, RejectCode } from "#core/facts/reject.ts";
import type { ReadAdminDoc, ReadChain, ReadLog } from "#core/rules/read.ts";
import { newLog } from "#core/rules/state.ts";
import { timeOf } from "#core/rules/time.ts";
import type { Lengths, ReadEntries, StoredEntry } from "../store/store.ts";
import { StoreProblem } from "../store/store.ts";
import { createFolds } from "./folds.ts";
import type { Chain } from "./folds.ts";
import { createPassedOver } from "./passed-over.ts";
import type { Dated, Reached } from "./timeline.ts";
import { createAddressee } from "./addressee.ts";
import { createNews } from "./news.ts";
import type { Tip } from "./news.ts";
import { createTips } from "./tips.ts";

/** What a socket may send: commands of one device to its own document, or one kind of command by anybody. */
export type Scope =
  | { readonly as: "device"; readonly device: DeviceId; readonly doc: DocName }
  | { readonly as: "invite"; readonly invite: string }
  | { readonly as: "found" };

export interface Accepted {
  readonly ok: true;
  readonly d: DocName;
  readonly s: number;
  readonly id: Hash;
  readonly dup: boolean;
}
export interface Judged {
  readonly answer: Accepted | Reject;
  readonly rows: readonly StoredEntry[];
  /** Documents that a refusal was read from: it holds only while they are the newest. */
  readonly refusedBy: readonly DocName[];
}

/**
 * A queue takes the command and the lane does not. Mostly one was read before another node appended and one after; where
 * nobody else can append they hold different things for good, as after a loss that was made good in one of them only.
 */
export class Apart extends StoreProblem {
  readonly jws: string;
  readonly refused: RejectCode;
  constructor(jws: string, refused: RejectCode) {
    super("behind", "A lane and its queue do not hold the same.");
    this.jws = jws;
    this.refused = refused;
  }
}

export interface Workspace {
  readonly wid: WorkspaceId;
  readonly log: ReadLog;
  admin(): Promise<ReadAdminDoc>;
  /** The fold of any document; the log itself is `log`. */
  chain(doc: DocName): Promise<ReadChain>;
  /** Folds an entry that was appended once already, and is not stored. */
  put(doc: DocName, entry: string): Promise<Ingested>;
  /** `stamp` dates an entry after what the documents have reached, or says why it does not. */
  judge(jws: string, scope: Scope, stamp: (reached: Reached) => Dated | RejectCode): Promise<Judged>;
  /** Length and hash of a document that was looked at, folded or not; of one that has no entry, nothing. */
  tip(doc: DocName): Tip;
  /** What the time of the workspace has reached in the documents that are known here. */
  reached(): Reached;
  /**
   * Looks at the log and these documents in the store, all at one moment: what `log` and `tip` say of them is not older, and no
   * tip is newer than the log. Documents of which more is stored than was known, of those that were not known too.
   */
  look(docs: readonly DocName[]): Promise<DocName[]>;
  /** Takes what another node stored in the documents that are known, and in these; whether there was anything. */
  catchUp(docs: readonly DocName[]): Promise<boolean>;
  /** Whether something was read on by the way, of which nobody was told: `told` was not said since. */
  readonly untold: boolean;
  told(): void;
  /** Documents that are folded. */
  readonly docs: readonly DocName[];
}

const refuse = (code: RejectCode, ...refusedBy: DocName[]): Judged => ({ answer: reject(code), rows: [], refusedBy });

/** What nobody here can read lies above the level of this log: with that, who sends it knows what to do. */
const atTheDoor = (code: RejectCode): RejectCode => (code === "newer" ? "above-level" : code);

const outOfScope = (scope: Scope, { kid, payload }: Signed<CommandPayload>): RejectCode | undefined => {
  if (scope.as === "found") return payload.k === "genesis" ? undefined : "not-allowed";
  if (scope.as === "invite")
    return payload.k === "member.join" && (payload.b as { invite?: unknown }).invite === scope.invite
      ? undefined
      : "not-allowed";
  if (payload.k === "genesis" || payload.k === "member.join") return "not-allowed";
  if (kid !== scope.device) return "bad-signature";
  // A person who only asks may not open the queue, so commands for it come over their lane.
  const fits = payload.d === scope.doc || (scope.doc.startsWith("lane:") && payload.d.startsWith("queue:"));
  return fits ? undefined : "wrong-doc";
};

/** Reads `log` from the store; documents follow when they are asked for. Rejects with `StoreProblem`. */
export const loadWorkspace = async (
  crypto: CryptoDep,
  store: ReadEntries,
  wid: WorkspaceId,
  build?: Build,
): Promise<Workspace> => {
  const log = newLog(wid);
  /** The furthest of all that was seen of any document. It only grows, so nobody has to look through all of them. */
  let reached: Reached = { time: 0, ahead: 0 };
  const saw = ({ time, ahead }: Reached): void => {
    if (time > reached.time || ahead > reached.ahead)
      reached = { time: Math.max(time, reached.time), ahead: Math.max(ahead, reached.ahead) };
  };
  const tips = createTips(crypto, store, wid, saw);
  const passed = createPassedOver();
  const folds = createFolds({
    crypto,
    build,
    store,
    wid,
    log,
    tips,
    took: (chain, entry) => {
      saw(chain);
      passed.saw(log, chain.doc, entry);
    },
    owe: () => news.owe(),
  });
  const news = createNews<Chain>({
    store,
    wid,
    tips,
    foldOf: folds.foldOf,
    folds: folds.all,
    readOn: folds.readOn,
  });
  const addressee = createAddressee({
    log,
    store,
    wid,
    approvalDoc: folds.approvalDoc,
    folded: (doc) => folds.foldOf(doc) !== undefined,
  });

  const append = (to: Chain, jws: string, { t, a }: Dated): { taken: Ingested; row: StoredEntry } => {
    const entry = writeEntry({
      s: to.seq + 1,
      p: to.head,
      t,
      a,
      c: jws,
      m: to === log ? null : [log.seq, log.head as Hash],
    });
    const row = { doc: to.doc, seq: to.seq + 1, entry };
    return { taken: folds.ingest(to, entry, { admit: true }), row };
  };

  const judgeSigned = async (
    jws: string,
    scope: Scope,
    stamp: (at: Reached) => Dated | RejectCode,
  ): Promise<Judged> => {
    const signed = readCommand(crypto, jws);
    if (typeof signed === "string") return refuse(atTheDoor(signed));
    const outside = outOfScope(scope, signed);
    if (outside !== undefined) return refuse(outside);
    const target = await addressee.of(signed);
    const { d } = signed.payload;
    if (typeof target === "string") return target === "no-such-request" ? refuse(target, LOG, d) : refuse(target, LOG);
    const main = await folds.chain(d);
    const id = hashOf(crypto, jws);
    const first = main.commands.get(id);
    if (first !== undefined) return { answer: { ok: true, d, s: first, id, dup: true }, rows: [], refusedBy: [] };
    const dated = stamp(reached);
    if (typeof dated === "string") return refuse(dated);
    // Where the lane alone has it, the queue gets it now.
    const lane = target.lane?.commands.has(id) === true ? null : target.lane;
    const unfit = lane === null ? undefined : addressee.refusedByLane(lane, signed, jws.length, timeOf(dated));
    if (unfit !== undefined) return refuse(unfit, LOG, lane?.doc ?? d);
    if (!passed.affords(log, signed, timeOf(dated))) return refuse("too-often", LOG, d);
    const { taken, row } = append(main, jws, dated);
    if (!taken.ok) return refuse(atTheDoor(taken.code), LOG, d);
    const answer: Accepted = { ok: true, d, s: taken.seq, id, dup: false };
    if (lane === null) return { answer, rows: [row], refusedBy: [] };
    const copy = append(lane, jws, dated);
    if (!copy.taken.ok) throw new Apart(jws, copy.taken.code);
    return { answer, rows: [row, copy.row], refusedBy: [] };
  };

  await folds.readOn(log);
  return {
    wid,
    log,
    admin: folds.admin,
    chain: folds.chain,
    judge: (jws, scope, stamp) => folds.judging(() => judgeSigned(jws, scope, stamp)),
    put: async (doc, entry) => folds.ingest(await folds.chain(doc), entry, {}),
    tip: news.tip,
    look: news.look,
    catchUp: news.catchUp,
    reached: () => reached,
    get untold() {
      return news.untold();
    },
    told: news.told,
    get docs() {
      return folds.all().map(({ doc }) => doc);
    },
  };
};

/** Lengths that the batch was judged at: what it touches, what refusals were read from, and the log. */
export const judgedAt = async (
  workspace: Workspace,
  rows: readonly StoredEntry[],
  refusedBy: Iterable<DocName>,
): Promise<Lengths> => {
  const lengths = new Map<DocName, number>();
  for (const { doc, seq } of rows) if (!lengths.has(doc)) lengths.set(doc, seq - 1);
  for (const doc of [LOG, ...refusedBy]) if (!lengths.has(doc)) lengths.set(doc, (await workspace.chain(doc)).seq);
  return lengths;
};
