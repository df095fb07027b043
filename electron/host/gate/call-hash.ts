/**
 * The exact bytes that an approval binds. The requester seals this text to the approvers (`enclosure.ts` says in what)
 * and signs its SHA-256; an approver's app opens it, hashes what it opened, and shows nothing else as the call. The host
 * that runs the call builds the same text from the call at hand and compares. One changed character anywhere is another
 * call.
 */
import { z } from "zod";
import { hashOf } from "#core/protocol/crypto.ts";
import type { Hash } from "#core/protocol/ids.ts";
import { json } from "#core/protocol/parse.ts";
import { nodeCrypto } from "#node/crypto.ts";

/** What every request shows as its thread: titles of private threads never leave. */
const THREAD_LABEL = "Private thread";

export interface CallFacts {
  readonly workspace: string;
  readonly requester: string;
  readonly device: string;
  /** Id of the server in the catalogue, and the hash of how it is started. */
  readonly server: { readonly id: string; readonly launch: string };
  readonly tool: string;
  readonly schema: string;
  /** Exact argument text. */
  readonly args: string;
  /** 16 random bytes, base64url: without it the hash of short arguments could be guessed. */
  readonly salt: string;
}

export const callText = ({ workspace, requester, device, server, tool, schema, args, salt }: CallFacts): string =>
  JSON.stringify({
    v: 1,
    workspace,
    requester,
    device,
    server: { id: server.id, launch: server.launch },
    tool,
    schema,
    args,
    threadLabel: THREAD_LABEL,
    salt,
  });

export const callHash = (call: string): Hash => hashOf(nodeCrypto, call);

const text = z.string().max(256);
const Opened = z.strictObject({
  v: z.literal(1),
  workspace: text,
  requester: text,
  device: text,
  server: z.strictObject({ id: text, launch: text }),
  tool: text,
  schema: text,
  args: z.string(),
  threadLabel: z.literal(THREAD_LABEL),
  salt: text,
});
export type Opened = z.infer<typeof Opened>;

/** Reads the text of a call that has the hash `expected`; null where it has not, or is not of this shape. */
export const readCall = (call: string, expected: Hash): Opened | null => {
  if (callHash(call) !== expected) return null;
  return Opened.safeParse(json(call)).data ?? null;
};
