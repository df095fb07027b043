/** What an endpoint says of a failure, whatever shape it gives it, as one short sentence without the key. */
import { json } from "#core/protocol/parse.ts";

export interface Said {
  /** Its own words; empty where it gave none. */
  readonly words: string;
  /** A number like an HTTP status that the body names, or null. */
  readonly status: number | null;
  /** Types and codes that the body names, in lower case: `insufficient_quota`, `overloaded_error`. */
  readonly codes: readonly string[];
}
const NOTHING: Said = { words: "", status: null, codes: [] };
const DEPTH_MAX = 6;

/** Reads a body as text, as parsed JSON, or JSON within a text within JSON, as proxies nest them. Never throws. */
export const saidIn = (body: unknown, depth = 0): Said => {
  if (depth > DEPTH_MAX || body === null || body === undefined) return NOTHING;
  if (typeof body === "string") return inText(body, depth);
  if (Array.isArray(body)) return inArray(body, depth);
  return typeof body === "object" ? inObject(body as Record<string, unknown>, depth) : NOTHING;
};

const inText = (text: string, depth: number): Said => {
  const plain = text.trim();
  const parsed = jsonIn(plain);
  if (parsed !== undefined && typeof parsed === "object") {
    const said = saidIn(parsed, depth + 1);
    // A sentence around the JSON is kept where the JSON says nothing.
    return said.words === "" && said.codes.length === 0 && !isJsonStart(plain) ? { ...said, words: plain } : said;
  }
  return { ...NOTHING, words: /^\s*<(?:!doctype|html|head|\?xml)/i.test(plain) ? titleOf(plain) : plain };
};
const isJsonStart = (text: string): boolean => text.startsWith("{") || text.startsWith("[");

/** The JSON that a text is, or that it ends with after a few words: `400: {"error":…}`. */
const jsonIn = (text: string): unknown => {
  const start = text.search(/[{[]/);
  if (start < 0 || start > 200) return undefined;
  return json(text.slice(start));
};

const titleOf = (html: string): string =>
  /<title[^>]*>([^<]{1,300})</i.exec(html)?.[1]?.trim() ?? /<h1[^>]*>([^<]{1,300})</i.exec(html)?.[1]?.trim() ?? "";

const inArray = (items: readonly unknown[], depth: number): Said => {
  // FastAPI lists what is wrong with which field; Google wraps its error in an array.
  const all = items
    .slice(0, 5)
    .map((item) => saidIn(item, depth + 1))
    .filter((said) => said.words !== "" || said.codes.length > 0);
  return {
    words: all
      .map((said) => said.words)
      .filter((words) => words !== "")
      .join("; "),
    status: all[0]?.status ?? null,
    codes: all.flatMap((said) => said.codes),
  };
};

/** Keys under which bodies carry their words, the most telling first. */
const CARRIERS = [
  "error",
  "message",
  "msg",
  "detail",
  "details",
  "error_description",
  "reason",
  "errors",
  "response",
  "title",
] as const;
const inObject = (body: Record<string, unknown>, depth: number): Said => {
  const codes = [
    body["type"],
    body["code"],
    body["status"],
    typeof body["error"] === "string" && "message" in body ? body["error"] : null,
  ].flatMap((each) => (typeof each === "string" && each !== "error" ? [each.toLowerCase()] : []));
  const status =
    [body["status"], body["code"], body["status_code"], body["statusCode"]]
      .map(Number)
      .find((each) => Number.isInteger(each) && each >= 400 && each < 600) ?? null;
  const field = Array.isArray(body["loc"]) ? `${body["loc"].join(".")}: ` : "";
  const said = CARRIERS.map((key) =>
    key === "error" && typeof body[key] === "string" && "message" in body ? NOTHING : saidIn(body[key], depth + 1),
  );
  const first = said.find((each) => each.words !== "");
  // OpenRouter keeps what the provider behind it said apart from its own “Provider returned error”.
  const behind = inBehind(body["metadata"], depth);
  const words =
    behind === "" || first?.words.includes(behind) === true
      ? (first?.words ?? "")
      : [first?.words, behind].filter((each) => each !== undefined).join(": ");
  return {
    words: words === "" ? "" : `${field}${words}`,
    status: status ?? said.find((each) => each.status !== null)?.status ?? null,
    codes: [...codes, ...said.flatMap((each) => each.codes)],
  };
};
const inBehind = (metadata: unknown, depth: number): string =>
  typeof metadata === "object" && metadata !== null && "raw" in metadata ? saidIn(metadata.raw, depth + 1).words : "";
