/**
 * One talk with the server about one document: what it lost of it, and giving that back. The words are in
 * `core/give-back.ts`. Only what is kept as verified goes out, only to the address of the workspace's own server, and
 * only once that has signed a number of ours with the key that the workspace recorded.
 */
import * as decoding from "lib0/decoding";
import { fitsFrame, readWant, writeGiven, writeOffer } from "#core/protocol/give-back.ts";
import type { Answer, Want } from "#core/protocol/give-back.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { FRAME_BYTES_MAX, GIVE, HELLO, OFFER, WANT } from "#core/protocol/wire.ts";
import type { Platform } from "../ports/platform.ts";
import { parseHello, wireWith } from "./greeting.ts";

const ANSWER_WITHIN_MS = 15_000;

export interface TalkFacts {
  readonly platform: Platform;
  /** Origin of the server, as dialled. */
  readonly server: string;
  readonly wid: string;
  readonly doc: DocName;
  /** The key that the workspace recorded. */
  readonly key: string;
  /** Heads that the server signed over verified entries, in order. */
  readonly heads: readonly { readonly seq: number; readonly jws: string }[];
  /** Verified entries from a position on, as many as there are at hand; none where that position is not kept here. */
  readonly entries: (from: number, to: number) => readonly string[];
  readonly answerWithinMs?: number;
}
export interface Talked {
  /** The last answer; `silent` where the connection ended, or was no connection to that server. */
  readonly answer: Answer | "silent";
  /** Entries that the server took. */
  readonly gave: number;
}

export const talk = ({
  platform: { crypto, timers, openWebSocket },
  server,
  wid,
  doc,
  key,
  heads,
  entries,
  answerWithinMs = ANSWER_WITHIN_MS,
}: TalkFacts): Promise<Talked> =>
  new Promise((resolve) => {
    const newest = heads.at(-1);
    let offered = newest;
    let nonce = "";
    let had: number | null = null;
    let gave = 0;
    /** Position after which was given last. */
    let sent = -1;
    let tailed = false;
    let inTime = (): void => undefined;

    const end = (answer: Talked["answer"]): void => {
      inTime();
      ws.close();
      resolve({ answer, gave });
    };
    const post = (frame: Uint8Array): void => {
      inTime();
      inTime = timers.after(answerWithinMs, () => end("silent"));
      ws.send(frame);
    };
    const offer = (head: typeof newest): void => {
      if (head === undefined) return end("silent");
      offered = head;
      sent = -1;
      nonce = crypto.random(24);
      post(writeOffer(OFFER, { head: head.jws, nonce }));
    };

    /** What the server took last may have no signed head yet; it is offered once. */
    const giveTail = (s: number): void => {
      const rest = tailed || s !== newest?.seq ? [] : entries(s + 1, Number.MAX_SAFE_INTEGER);
      tailed = true;
      if (rest.length === 0) return end("done");
      post(writeGiven(GIVE, { from: s + 1, entries: rest.slice(0, fitsFrame(rest)) }));
    };

    const onWant = ({ s, a }: Want): void => {
      if (a !== "give" && a !== "done") return end(a);
      // The first answer says how much the server has. From there it goes from one signed head to the next.
      const next = heads.find(({ seq }) => seq > s);
      had ??= s;
      if (a === "done") {
        gave = Math.max(0, s - had);
        return next === undefined ? giveTail(s) : offer(next);
      }
      if (next !== undefined && offered !== undefined && next.seq < offered.seq) return offer(next);
      const rest = entries(s + 1, offered?.seq ?? 0);
      // Who asks twice for the same has another use for it.
      if (rest.length === 0 || s <= sent) return end("silent");
      sent = s;
      post(writeGiven(GIVE, { from: s + 1, entries: rest.slice(0, fitsFrame(rest)) }));
    };
    const receive = (bytes: Uint8Array): void => {
      const decoder = decoding.createDecoder(bytes);
      const type = decoding.readVarUint(decoder);
      if (type === HELLO) {
        const hello = parseHello(decoding.readVarString(decoder));
        if (hello === undefined || "code" in wireWith(hello) || hello.key !== key || nonce !== "") return end("silent");
        return offer(newest);
      }
      if (type !== WANT) return;
      const want = readWant(crypto, key, decoding.readVarString(decoder));
      if (want === undefined || want.w !== wid || want.d !== doc || want.n !== nonce) return end("silent");
      onWant(want);
    };
    const ws = openWebSocket(
      { server, path: `/${wid}/${doc}`, withinMs: answerWithinMs, frameMax: FRAME_BYTES_MAX },
      { frame: receive, ended: () => end("silent") },
    );
    inTime = timers.after(answerWithinMs, () => end("silent"));
  });
