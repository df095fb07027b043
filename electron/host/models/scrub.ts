/** Takes the key out of what an endpoint said: they quote it more often than one thinks, whole, cut, masked or encoded. */
const WINDOW = 8;
const SHORTEST = 4;
const HINT_MAX = 300;

/** A short line to be quoted, without the key in any of its forms. */
export const scrubbed = (text: string, key: string | null): string => {
  const line = text
    .slice(0, 4_000)
    .replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, " ")
    .trim();
  const clean = (key === null || key.length < SHORTEST ? line : withoutKey(line, key))
    .replaceAll(/\b(?:sk|key|pk|gsk|xai|hf|AIza)[-_][\w*.•…%-]{4,}/gi, "…")
    .replaceAll(/\bBearer\s+[^\s"'”]+/gi, "Bearer …");
  return clean.length > HINT_MAX ? `${clean.slice(0, HINT_MAX - 1)}…` : clean;
};

const withoutKey = (line: string, key: string): string => {
  const forms = [key, encodeURIComponent(key), ...inBase64(key), JSON.stringify(key).slice(1, -1)].map((form) =>
    form.toLowerCase(),
  );
  const pieces = new Set(forms.flatMap(piecesOf));
  const head = key.slice(0, 2).toLowerCase();
  const tail = key.slice(-2).toLowerCase();
  return line
    .split(/(\s+)/)
    .map((word) => {
      const lower = word.toLowerCase();
      if ([...pieces].some((piece) => lower.includes(piece))) return "…";
      // “ab****yz”: what a provider leaves readable of a key is still a part of it.
      const masked = /([\w-]*)(?:[*•x]{3,}|…|\.{3,})([\w-]*)/i.exec(lower);
      const hints =
        masked !== null &&
        ((masked[1] ?? "").startsWith(head) || ((masked[2] ?? "") !== "" && (masked[2] ?? "").endsWith(tail)));
      return hints ? "…" : word;
    })
    .join("");
};

/** Also behind a name, as `Basic` sends it: what stands before a key moves where its letters fall. */
const inBase64 = (key: string): string[] =>
  ["", "_", "__"].flatMap((before) => {
    // The first letters hold something of what stands before.
    const from = Math.ceil((before.length * 4) / 3);
    return (["base64", "base64url"] as const).map((kind) =>
      Buffer.from(before + key)
        .toString(kind)
        .replace(/=+$/, "")
        .slice(from),
    );
  });

/** Runs of a key that are long enough to be recognised by, and to be of use to somebody. */
const piecesOf = (form: string): string[] =>
  form.length <= WINDOW
    ? [form]
    : Array.from({ length: form.length - WINDOW + 1 }, (_unused, at) => form.slice(at, at + WINDOW));
