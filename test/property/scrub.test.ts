import fc from "fast-check";
import { describe, test, expect } from "vitest";
import { saidIn } from "../../electron/host/models/said.ts";
import { scrubbed } from "../../electron/host/models/scrub.ts";

const key = fc
  .string({
    minLength: 12,
    maxLength: 60,
    unit: fc.constantFrom(..."abcdefghijkLMNOPQRSTUVWXYZ0123456789-_+/=.".split("")),
  })
  .filter((each) => new Set(each).size > 5);
const around = fc.string({ maxLength: 40 });

describe("[T40] what an endpoint says is shown without the key", () => {
  test("whole, encoded or any run of eight characters of it, wherever it stands", () => {
    fc.assert(
      fc.property(
        key,
        around,
        around,
        fc.nat(),
        fc.constantFrom("plain", "address", "base64"),
        (secret, before, after, at, form) => {
          const echo = {
            plain: secret,
            address: encodeURIComponent(secret),
            base64: Buffer.from(secret).toString("base64").replace(/=+$/, ""),
          }[form];
          const start = at % (echo.length - 7);
          for (const piece of [echo, echo.slice(start, start + 8)])
            expect(scrubbed(`${before}${piece}${after}`, secret).toLowerCase()).not.toContain(piece.toLowerCase());
        },
      ),
    );
  });

  test("also where a name was put before it and both were encoded, as a sign-in with a name and a key is", () => {
    fc.assert(
      fc.property(
        key,
        fc.string({ maxLength: 12, unit: fc.constantFrom(..."abcXYZ019:".split("")) }),
        (secret, name) => {
          const echo = Buffer.from(`${name}:${secret}`).toString("base64").replace(/=+$/, "");
          const own = echo.slice(Math.ceil(((name.length + 1) * 4) / 3));
          expect(scrubbed(`You sent Basic ${echo}, which is wrong.`, secret)).not.toContain(own.slice(0, 8));
        },
      ),
    );
  });

  test("any body is read without an error, and what it says is text", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.string(), fc.json(), fc.constant(undefined)),
        (body) => void expect(typeof saidIn(body).words).toBe("string"),
      ),
    );
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((each) => each.trim() === each && !/[{[<]/.test(each)),
        (words) => void expect(saidIn({ error: { message: words } }).words).toBe(words),
      ),
    );
  });
});
