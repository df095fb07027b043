/** The one spelling of a server's address: what the core takes is what a URL prints, for whatever anybody types. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isServerOrigin } from "#core/protocol/origin.ts";

/** What a URL makes of it, or undefined where it is none of http. */
const printed = (text: string): string | undefined => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && ["http:", "https:"].includes(url.protocol) ? url.origin : undefined;
};

describe("[SV5] an origin", () => {
  test.each([
    "https://sync.example.org",
    "http://sync.example.org",
    "https://sync.example.org:8443",
    "https://sync.example.org:80",
    "http://sync.example.org:443",
    "http://127.0.0.1:4700",
    "http://[::1]:4700",
    "http://[fe80::1:2]",
    "http://[2001:db8:0:1:1:1:1:1]",
    "https://xn--mller-kva.example",
    "http://localhost:65535",
  ])("%s is one", (text) => {
    expect([isServerOrigin(text), printed(text)]).toEqual([true, text]);
  });

  test.each([
    ["the usual port of https", "https://sync.example.org:443"],
    ["the usual port of http", "http://sync.example.org:80"],
    ["a port with a zero before it", "https://sync.example.org:08443"],
    ["a port that there is not", "https://sync.example.org:65536"],
    ["port 0", "https://sync.example.org:0"],
    ["an empty port", "https://sync.example.org:"],
    ["capitals in the name", "https://Sync.example.org"],
    ["capitals in the scheme", "HTTPS://sync.example.org"],
    ["a slash at the end", "https://sync.example.org/"],
    ["a path", "https://sync.example.org/team"],
    ["a question", "https://sync.example.org?x"],
    ["a fragment", "https://sync.example.org#x"],
    ["a name and a password", "https://ada:secret@sync.example.org"],
    ["an empty name before an at", "https://@sync.example.org"],
    ["a dot at the end", "https://sync.example.org."],
    ["an empty label", "https://sync..example.org"],
    ["letters that are not ASCII", "https://m\u00fcller.example"],
    ["percent signs", "https://sync%2eexample.org"],
    ["an IPv4 address with zeros before", "http://192.168.001.010"],
    ["an IPv4 address as one number", "http://2130706433"],
    ["an IPv4 address in hexadecimal", "http://0x7f.0.0.1"],
    ["an IPv4 address of three parts", "http://127.0.1"],
    ["an IPv4 address out of range", "http://256.0.0.1"],
    ["a name that ends in a number", "http://sync.1"],
    ["an IPv6 address in full", "http://[0:0:0:0:0:0:0:1]"],
    ["an IPv6 address with zeros before", "http://[::0001]"],
    ["an IPv6 address that shortens the second run", "http://[1:0:0:2:0:0:0::]"],
    ["an IPv6 address that shortens one zero", "http://[2001:db8::1:1:1:1:1]"],
    ["an IPv6 address in capitals", "http://[FE80::1]"],
    ["an IPv6 address that ends as IPv4", "http://[::ffff:1.2.3.4]"],
    ["an IPv6 address with a zone", "http://[fe80::1%25eth0]"],
    ["an IPv6 address without brackets", "http://::1"],
    ["no scheme", "sync.example.org"],
    ["another scheme", "ws://sync.example.org"],
    ["blanks around it", " https://sync.example.org "],
    ["nothing", ""],
    ["more than anybody types", `https://${"a.".repeat(200)}example`],
  ])("with %s is none", (_what, text) => {
    expect(isServerOrigin(text)).toBe(false);
  });

  const label = fc.stringMatching(/^[a-zA-Z0-9-]{1,6}$/);
  const number = fc.oneof(
    fc.nat(300).map(String),
    fc.nat(255).map((n) => `0${n}`),
    fc.nat(65_535).map((n) => `0x${n.toString(16)}`),
  );
  const group = fc.oneof(
    fc.constant("0"),
    fc.constant(""),
    fc.nat(65_535).map((n) => n.toString(16)),
    fc.constant("000a"),
  );
  const host = fc.oneof(
    fc.array(label, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(".")),
    fc.array(number, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(".")),
    fc.array(group, { minLength: 2, maxLength: 9 }).map((parts) => `[${parts.join(":")}]`),
    fc.ipV6().map((text) => `[${text}]`),
    fc.ipV4(),
    fc.domain(),
  );
  const port = fc.oneof(
    fc.constant(""),
    fc.constantFrom(":", ":0", ":80", ":443", ":08443"),
    fc.nat(70_000).map((n) => `:${n}`),
  );
  const origin = fc
    .tuple(fc.constantFrom("http://", "https://", "HTTPS://"), host, port, fc.constantFrom("", "", "", "/", "."))
    .map((parts) => parts.join(""));

  test("is never what a URL would print in another way", () => {
    fc.assert(
      fc.property(fc.oneof(origin, fc.webUrl()), (text) => {
        if (isServerOrigin(text)) expect(printed(text)).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  test("is everything that a URL prints of a name, an address and a port", () => {
    const plain = fc
      .tuple(
        fc.constantFrom("http://", "https://"),
        fc.oneof(
          fc.domain(),
          fc.ipV4(),
          fc.ipV6().map((text) => `[${text}]`),
        ),
        port.filter((text) => text !== ":0"),
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(plain, (text) => {
        const made = printed(text);
        if (made !== undefined) expect(isServerOrigin(made)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
