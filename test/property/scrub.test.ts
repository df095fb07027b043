import fc from "fast-check";
import { describe, test, expect } from "vitest";
import { saidIn } from "../../electron/host/models/said.ts";
import { scrubbed } from "../../electron/host/models/scrub.ts";

const key = fc.string({ minLength: 12, maxLength: 60, unit: fc.constantFrom(..."abcdefghijkLMNOPQRSTUVWXYZ0123456789-_+/=.".split("")) }).filter((each) => new Set(each).size > 5);
const around = fc.string({ maxLength: 40 });

describe("[T40] what an endpoint says is shown without the key", () => {
  test("whole, encoded or any run of eight characters of it, wherever it stands", () => {
    fc.assert(
      fc.property(key, around, around, fc.nat(), fc.constantFrom("plain", "address", "base64"), (secret, before, after, at, form) => {
        const echo = { plain: secret, address: encodeURIComponent(secret), base64: Buffer.from(secret).toString("base64").replace(/=+$/, "") }[form];
        const start = at % (echo.length - 7);
        for (const piece of [echo, echo.slice(start, start + 8)]) expect(scrubbed(`${before}${piece}${after}`, secret).toLowerCase()).not.toContain(piece.toLowerCase());
      }),
    );
  });

  test("any body is read without an error, and what it says is text", () => {
    fc.assert(fc.property(fc.oneof(fc.jsonValue(), fc.string(), fc.json(), fc.constant(undefined)), (body) => void expect(typeof saidIn(body).words).toBe("string")));
    fc.assert(fc.property(fc.string({ minLength: 1 }).filter((each) => each.trim() === each && !/[{[<]/.test(each)), (words) => void expect(saidIn({ error: { message: words } }).words).toBe(words)));
  });
});
