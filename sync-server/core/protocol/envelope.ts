/**
 * The envelope of a command, read by apps of every level. Header and payload keep their keys for ever; what is said with
 * them may be newer than the reader, who then knows that much and no more (LV4).
 */
import {
  AUTH_TYP,
  COMMAND_MAX,
  COMMAND_TYP,
  commandPayload,
  HEAD_TYP,
  INVITE_TYP,
  parseCommand,
  signature,
  WANT_TYP,
} from "./command.ts";
import type { CommandPayload, Signed } from "./command.ts";
import type { CryptoDep } from "./crypto.ts";
import { asDeviceId, isLaterDoc } from "./ids.ts";
import { json, record, text } from "./parse.ts";

const TYPES: ReadonlySet<string> = new Set([
  COMMAND_TYP,
  AUTH_TYP,
  "bulkhead-auth2+jws",
  INVITE_TYP,
  HEAD_TYP,
  WANT_TYP,
]);
const laterHeader = record({ alg: text(40, 1), typ: text(40, 1), kid: text(64, 1) });
const readable = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;

/**
 * Whether an envelope that cannot be read here is one of a later level: another algorithm, purpose, version or class of
 * document, and the rest in order. Asked before a body is looked at, so that no app takes what it does not know for a lie.
 */
const isNewer = (crypto: CryptoDep, jws: string): boolean => {
  const parts = jws.length <= COMMAND_MAX ? jws.split(".") : [];
  const [h, p, s] = parts;
  if (parts.length !== 3 || h === undefined || p === undefined || !/^[A-Za-z0-9_-]+$/.test(s ?? "")) return false;
  const head = laterHeader(json(crypto.decode(h) ?? ""));
  const payload = readable(json(crypto.decode(p) ?? ""));
  if (head === undefined || payload === undefined) return false;
  const { v, d } = payload;
  if (typeof v === "number" && Number.isSafeInteger(v) && v > 1) return true;
  // With the parts that are later set to ones of today it must be an envelope.
  const today = commandPayload({ ...payload, d: isLaterDoc(d) ? "log" : d });
  if (
    today === undefined ||
    (head.alg === "Ed25519" && (asDeviceId(head.kid) === undefined || signature(s) === undefined))
  )
    return false;
  return head.alg !== "Ed25519" || isLaterDoc(d) || !TYPES.has(head.typ);
};

/** The command, or why there is none: `newer` where a later level's app can read it. */
export const readCommand = (crypto: CryptoDep, jws: string): Signed<CommandPayload> | "malformed" | "newer" => {
  const signed = parseCommand(crypto, jws);
  if (signed === undefined) return isNewer(crypto, jws) ? "newer" : "malformed";
  return TYPES.has(signed.typ) ? signed : "newer";
};
