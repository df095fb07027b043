/**
 * Looks whether this device is out as the log grows (out.ts). Nothing that was signed before may run once it is, nor
 * under a key that another took the place of.
 */
import { Refusal } from "#core/facts/refusal.ts";
import type { Fact } from "#core/facts/refusal.ts";
import type { Identity } from "../keys/identity.ts";
import type { Keyring } from "../keys/signer.ts";
import { outOf } from "./out.ts";
import type { OutFacts } from "./out.ts";
import { KEY_REPLACED } from "./outbox.ts";
import type { Outbox } from "./outbox.ts";
import type { Retry } from "./retry.ts";
import { isSame } from "#core/protocol/same.ts";

export interface OutWatchDeps extends Pick<OutFacts, "crypto" | "log" | "nameInLine" | "me" | "entryAt"> {
  readonly identity: Pick<Identity, "own" | "unsettled" | "follow">;
  readonly keys: Pick<Keyring, "has">;
  readonly outbox: Pick<Outbox, "refuseAll" | "giveUp">;
  readonly retry: Pick<Retry, "reset">;
}
export interface OutWatch {
  /** Why this device is out by what is verified here, whatever the server says; or null. */
  out(): Fact | null;
  look(): void;
  /** The log grew: which key speaks now, and whether this device is out. */
  follow(): ReturnType<Identity["follow"]>;
  /** Ends again what the disk refused to end. */
  tick(): void;
}

export const createOutWatch = (deps: OutWatchDeps): OutWatch => {
  const { identity, outbox } = deps;
  let out: Fact | null = null;
  let unended: (() => void) | null = null;

  /** Nothing of what waits is sent any more; a disk that refuses to say so is asked again, and ends nothing here. */
  const endWaiting = (end: () => void): void => {
    unended = null;
    try {
      end();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      unended = end;
    }
  };
  const look = (): void => {
    const was = out;
    const device = identity.own();
    out = outOf({ ...deps, device, holdsKey: deps.keys.has(device), unsettled: identity.unsettled() });
    if (out !== null && !isSame(was, out)) endWaiting(() => outbox.refuseAll("unknown-device"));
    if (out !== null) deps.retry.reset();
  };
  return {
    out: () => out,
    look,
    follow: () => {
      const speaks = identity.follow();
      if (speaks !== "same") endWaiting(() => outbox.giveUp(KEY_REPLACED));
      look();
      return speaks;
    },
    tick: () => {
      if (unended !== null) endWaiting(unended);
    },
  };
};
