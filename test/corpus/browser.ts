/**
 * What a browser is given of core and client, to fold recorded logs in it: the rules, the whole client as it would run
 * there, and a browser's own cryptography.
 */
import { createAhead } from "#client/copy/ahead.ts";
import { createLive } from "#client/live.ts";
import { ADMIN, LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";
import type { SignAlg } from "#core/protocol/es256.ts";
import { ingestAdmin, ingestApproval, ingestLog } from "#core/rules/fold.ts";
import type { Ingested } from "#core/rules/fold.ts";
import { newAdminDoc, newApprovalDoc, newLog } from "#core/rules/state.ts";
import type { AdminDoc, ApprovalDoc, Chain, Log } from "#core/rules/state.ts";
import { writeAdmin, writeApprovals, writeState } from "#core/rules/state-text.ts";
import { createWebCrypto } from "../../sync-server/web/crypto.ts";
import type { Recording } from "./recording.ts";

export interface BrowserFold {
  readonly verdicts: readonly string[];
  readonly texts: Readonly<Record<string, string>>;
  readonly hashes: Readonly<Record<string, string>>;
  /** Signatures that the rules asked for and nobody had checked ahead. */
  readonly late: number;
}
export type Claim = readonly [x: string, text: string, signature: string];
export type ByteClaim = readonly [alg: SignAlg, key: string, bytes: string, signature: string];
export interface InBrowser {
  fold(recording: Pick<Recording, "workspace" | "entries">, ahead: boolean): Promise<BrowserFold>;
  /** Asks for each signature in turn, of the same cryptography. */
  verify(claims: readonly Claim[]): Promise<boolean[]>;
  /** The same of bytes, and SHA-256 of each. */
  verifyBytes(claims: readonly ByteClaim[]): Promise<boolean[]>;
  sha256Bytes(texts: readonly string[]): (string | undefined)[];
  /** The whole client, as a program in a browser would start it. */
  readonly createLive: typeof createLive;
}

const textOf = (chain: Chain): string =>
  chain.doc === LOG
    ? writeState(chain as Log)
    : chain.doc === ADMIN
      ? writeAdmin(chain as AdminDoc)
      : writeApprovals(chain as ApprovalDoc);

const ingest = (crypto: CryptoDep, log: Log, chain: Chain, text: string): Ingested =>
  chain.doc === LOG
    ? ingestLog({ crypto }, log, text)
    : chain.doc === ADMIN
      ? ingestAdmin({ crypto }, log, chain as AdminDoc, text)
      : ingestApproval({ crypto }, log, chain as ApprovalDoc, text);

const fold: InBrowser["fold"] = async ({ workspace, entries }, checksAhead) => {
  const web = createWebCrypto();
  let late = -entries.length;
  const log = newLog(workspace);
  const chains = new Map<DocName, Chain>([[LOG, log]]);
  const ahead = createAhead(web, () => log);
  const verdicts: string[] = [];
  for (const { doc, text } of entries) {
    const chain = chains.get(doc) ?? (doc === ADMIN ? newAdminDoc(doc) : newApprovalDoc(doc));
    chains.set(doc, chain);
    if (checksAhead) await ahead.check(doc, [text]);
    const verdict = await web.whenChecked(() => {
      late += 1;
      return ingest(checksAhead ? ahead.crypto : web, log, chain, text);
    });
    verdicts.push(verdict.ok ? "ok" : verdict.code);
  }
  const texts = [...chains].map(([doc, chain]) => [doc, textOf(chain)] as const);
  return {
    verdicts,
    texts: Object.fromEntries(texts),
    hashes: Object.fromEntries(texts.map(([doc, text]) => [doc, web.sha256(text)])),
    late,
  };
};

const inBrowser: InBrowser = {
  fold,
  verify: async (claims) => {
    const web = createWebCrypto();
    const answers: boolean[] = [];
    for (const claim of claims) answers.push(await web.whenChecked(() => web.verify(...claim)));
    return answers;
  },
  verifyBytes: async (claims) => {
    const web = createWebCrypto();
    const answers: boolean[] = [];
    for (const claim of claims) answers.push(await web.whenChecked(() => web.verifyBytes(...claim)));
    return answers;
  },
  sha256Bytes: (texts) => texts.map(createWebCrypto().sha256Bytes),
  createLive,
};
Object.assign(globalThis, { inBrowser });
