/**
 * What a permit binds besides its arguments: how a server is started, and what a tool says it is. Both are SHA-256,
 * base64url, over UTF-8 bytes:
 *
 *   launch hash   "bulkhead-launch-v1\n" + stable text of the whole `Launch`. Compared on this computer only.
 *   schema hash   the text of `#core/protocol/definition.ts`. Compared by the team: the log names it.
 */
import { createHash } from "node:crypto";
import { definitionText, stableText } from "#core/protocol/definition.ts";
import type { Launch } from "#bridge/tool.ts";

const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("base64url");

export const launchHash = (launch: Launch): string =>
  sha256(`bulkhead-launch-v1\n${stableText(launch, LAUNCH_DEPTH) ?? ""}`);
/** A launch is a few levels deep, by its shape. */
const LAUNCH_DEPTH = 8;

/** Of the JSON that `definitionJson` wrote. */
export const schemaHash = (definition: string): string => sha256(definitionText(definition));
