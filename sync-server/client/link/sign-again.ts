/** Requests that were signed for an epoch which closed before the server had them: what they say when they are signed again. */
import { parseCommand } from "#core/protocol/command.ts";
import type { Body, CommandPayload } from "#core/protocol/command.ts";
import type { OutboxRow, WorkspaceStore } from "../ports/store.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";

interface Kept {
  readonly wid: string;
  readonly rows: WorkspaceStore;
  readonly crypto: CryptoDep;
}

export const payloadOf = (crypto: CryptoDep, row: Pick<OutboxRow, "jws"> | null): CommandPayload | undefined =>
  row === null ? undefined : parseCommand(crypto, row.jws)?.payload;

/** What a refused request says when it is signed for the newest epoch, or undefined where the refusal stands. */
export const saysAgain = ({ crypto, wid, rows }: Kept, row: OutboxRow, code: string): CommandPayload | undefined => {
  const payload = row.kind === "approval.request" ? payloadOf(crypto, row) : undefined;
  if (payload === undefined || code === "epoch-closed" || code === "below-level") return payload;
  const body = payload.b as Body<"approval.request">;
  // The request before an edit was not taken either, so there is nothing whose place this one could take.
  const unasked =
    code === "no-such-request" && body.replaces !== null && rows.outboxRow(wid, body.replaces)?.code === "epoch-closed";
  return unasked ? { ...payload, b: { ...body, replaces: null } } : undefined;
};

/** Whether a request that waits was canceled, or another took its place, before it was sent. */
export const isOver = ({ crypto, wid, rows }: Kept, request: string): boolean =>
  rows.outboxOf(wid, request).some((other) => other.command !== request && other.state === "waiting") ||
  rows
    .waiting(wid)
    .some(
      (other) =>
        other.kind === "approval.request" &&
        (payloadOf(crypto, other)?.b as Body<"approval.request"> | undefined)?.replaces === request,
    );

/** What others may pass over, a server may not know yet: it is dropped without a word to the person, and blocks nothing (LV11). */
export const isUnheard = ({ crypto, wid, rows }: Kept, command: string, code: string): boolean =>
  code === "unknown-command" && payloadOf(crypto, rows.outboxRow(wid, command))?.x === false;
