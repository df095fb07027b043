/**
 * What a permit binds besides its arguments: how a server is started, and what a tool says it is. Both are SHA-256,
 * base64url, over the UTF-8 bytes of a label, a newline and the stable text of a value:
 *
 *   launch hash   "bulkhead-launch-v1\n" + stable(launch)                              the whole `Launch`
 *   schema hash   "bulkhead-tool-v1\n"   + stable({annotations?, description?, inputSchema, name, outputSchema?, title?})
 *
 * where a key is present exactly when the server sent it. Icons and `_meta` are left out: nobody decides by them.
 * The stable text is JSON without spaces, the keys of each object sorted by UTF-16 code unit, strings and numbers
 * as `JSON.stringify` writes them. The hashes are compared on this computer only, so a later change of this text
 * costs one more approval and nothing else.
 */
import { createHash } from "node:crypto";
import type { Launch } from "#bridge/views.ts";
import { limits } from "./limits.ts";

/** Stable JSON text of a parsed JSON value. Throws RangeError where it nests deeper than `depth`. */
export const stableText = (value: unknown, depth: number = limits.jsonDepth): string => {
  if (depth < 0) throw new RangeError("nested too deeply");
  if (Array.isArray(value)) return `[${value.map((item) => stableText(item, depth - 1)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${stableText(item, depth - 1)}`).join(",")}}`;
};

const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("base64url");

export const launchHash = (launch: Launch): string => sha256(`bulkhead-launch-v1\n${stableText(launch)}`);

const HASHED = ["annotations", "description", "inputSchema", "name", "outputSchema", "title"] as const;

/** Throws RangeError where the definition nests too deeply. */
export const schemaHash = (definition: Readonly<Record<string, unknown>>): string => {
  const kept: Record<string, unknown> = {};
  for (const key of HASHED) if (Object.hasOwn(definition, key)) kept[key] = definition[key];
  return sha256(`bulkhead-tool-v1\n${stableText(kept)}`);
};
