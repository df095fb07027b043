/** What a tool returned, as the text that the thread and the model see. */
import { told } from "#bridge/told.ts";
import { z } from "zod";
import type { ToolResult } from "../seams.ts";
import { limits } from "./limits.ts";
import { isObject } from "../json/strict-json.ts";

/** An answer to a call, its blocks not yet read. */
export const RawResult = z.looseObject({
  content: z.array(z.unknown()).optional(),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().optional(),
  toolResult: z.unknown().optional(),
});
export type RawResult = z.infer<typeof RawResult>;

const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
const size = (bytes: number): string =>
  bytes < 1_024
    ? `${bytes} bytes`
    : bytes < 1_048_576
      ? `${Math.round(bytes / 1_024)} kB`
      : `${(bytes / 1_048_576).toFixed(1)} MB`;
const base64Bytes = (data: string): number => Math.floor((data.length * 3) / 4);

const media = (kind: string, block: Readonly<Record<string, unknown>>): string =>
  `[${kind}, ${text(block["mimeType"]) ?? "unknown type"}, ${size(base64Bytes(text(block["data"]) ?? ""))}: not shown]`;

const resource = (block: Readonly<Record<string, unknown>>): string => {
  const inner = isObject(block["resource"]) ? block["resource"] : {};
  const uri = text(inner["uri"]) ?? "no address";
  const content = text(inner["text"]);
  if (content !== null) return `[Resource ${uri}]\n${content}`;
  return `[Resource ${uri}, ${text(inner["mimeType"]) ?? "unknown type"}, ${size(base64Bytes(text(inner["blob"]) ?? ""))}: not shown]`;
};

const blockText = (block: unknown): string => {
  if (!isObject(block)) return "[A part that does not follow the protocol: not shown]";
  const kind = block["type"];
  if (kind === "text") return text(block["text"]) ?? "";
  if (kind === "image") return media("Image", block);
  if (kind === "audio") return media("Sound", block);
  if (kind === "resource") return resource(block);
  if (kind === "resource_link")
    return `[Link to ${text(block["name"]) ?? "a resource"}: ${text(block["uri"]) ?? "no address"}]`;
  return "[A part of a kind that this app does not know: not shown]";
};

/** The first bytes of a text, at most `most`, never half a character. */
const firstBytes = (bytes: Buffer, most: number): string => {
  let end = most;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString("utf8", 0, end);
};

/** Cuts at `limits.result` bytes, the note about it included. */
export const cut = (whole: string): Pick<ToolResult, "text" | "bytes" | "truncated"> => {
  const bytes = Buffer.from(whole, "utf8");
  if (bytes.length <= limits.result) return { text: whole, bytes: bytes.length, truncated: false };
  const note = `\n[Cut here: ${size(bytes.length)} in all, of which the first ${size(limits.result)} are shown.]`;
  return {
    text: firstBytes(bytes, limits.result - Buffer.byteLength(note)) + note,
    bytes: bytes.length,
    truncated: true,
  };
};

export const resultText = (raw: RawResult): ToolResult => {
  const blocks = raw.content ?? [];
  const structured = raw.structuredContent ?? raw.toolResult;
  const whole =
    blocks.length === 0 && structured !== undefined ? JSON.stringify(structured) : blocks.map(blockText).join("\n");
  const failed = raw.isError === true;
  return {
    ok: !failed,
    ...cut(whole),
    error: failed ? told("tool-error") : null,
  };
};
