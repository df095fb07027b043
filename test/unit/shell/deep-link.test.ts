import { expect, test } from "vitest";
import { DEEP_LINK_MAX, linkAmong, readDeepLink } from "../../../electron/shell/deep-link.ts";

const invite = "1.wid.4.hash.seed_-.aHR0cA";

test("[T28] an invite link is let through in one spelling, however the system wrote it", () => {
  for (const link of [
    `bulkhead://join#${invite}`,
    `bulkhead://join/#${invite}`,
    `BULKHEAD://JOIN#${invite}`,
    `Bulkhead://Join/#${invite}`,
  ]) {
    expect(readDeepLink(link), link).toEqual({ ok: true, route: "join", url: `bulkhead://join#${invite}` });
  }
});

test("[T28] the code of one's own other computer is let through as what it is", () => {
  for (const link of [`bulkhead://pair#${invite}`, `BULKHEAD://Pair/#${invite}`])
    expect(readDeepLink(link), link).toEqual({ ok: true, route: "pair", url: `bulkhead://pair#${invite}` });
});

test("[T28] every other link is refused with its reason", () => {
  const refused: Record<string, string> = {
    "": "link-foreign",
    "javascript:alert(1)": "link-foreign",
    [`https://evil.example/join#${invite}`]: "link-foreign",
    [` bulkhead://join#${invite}`]: "link-foreign",
    [`bulkhead:join#${invite}`]: "link-route",
    [`bulkhead://approve#${invite}`]: "link-route",
    [`bulkhead://join/x#${invite}`]: "link-route",
    [`bulkhead://pair/x#${invite}`]: "link-route",
    [`bulkhead://pairing#${invite}`]: "link-route",
    "bulkhead://pair#<script>": "link-damaged",
    [`bulkhead://join//#${invite}`]: "link-route",
    [`bulkhead://join?a=1#${invite}`]: "link-route",
    [`bulkhead://user:pw@join#${invite}`]: "link-route",
    [`bulkhead://join:80#${invite}`]: "link-route",
    "bulkhead://join": "link-damaged",
    "bulkhead://join#": "link-damaged",
    "bulkhead://join#<script>alert(1)</script>": "link-damaged",
    "bulkhead://join#a%3Cscript%3E": "link-damaged",
    [`bulkhead://join#${invite}#${invite}`]: "link-damaged",
    [`bulkhead://join#${invite}\n`]: "link-characters",
    [`bulkhead://join#${invite}\u0000`]: "link-characters",
    [`bulkhead://join#${invite}\u202e`]: "link-characters",
    "bulkhead://join#--data /tmp/x": "link-characters",
  };
  for (const [link, code] of Object.entries(refused))
    expect(readDeepLink(link), link).toMatchObject({ ok: false, why: { code } });
});

test("[T28] an oversized link is refused before it is looked at", () => {
  expect(readDeepLink(`bulkhead://join#${"a".repeat(DEEP_LINK_MAX - 16)}`)).toMatchObject({ ok: true });
  expect(readDeepLink(`bulkhead://join#${"a".repeat(DEEP_LINK_MAX - 15)}`)).toMatchObject({
    ok: false,
    why: { code: "link-oversized" },
  });
  expect(readDeepLink(`bulkhead://join#${"a".repeat(1_048_576)}`)).toMatchObject({
    ok: false,
    why: { code: "link-oversized" },
  });
});

test("the link among arguments is found, and nothing else is taken for one", () => {
  expect(linkAmong(["/app/bulkhead", "--flag", "bulkhead://join#a"])).toBe("bulkhead://join#a");
  expect(linkAmong(["/app/bulkhead", "--url=bulkhead://join#a", "https://x"])).toBeUndefined();
});
