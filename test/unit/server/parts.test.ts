import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { createLimits, LIMITS } from "../../../sync-server/server/admission/limits.ts";
import { logLine } from "../../../sync-server/server/system/log.ts";
import { addressOf, readRoom } from "../../../sync-server/server/connections/listen.ts";
import { JOIN_PAGE, JOIN_PAGE_POLICY } from "../../../sync-server/server/connections/join-page.ts";
import { networkOf } from "../../../sync-server/server/admission/network.ts";
import { createOrigins } from "../../../sync-server/server/admission/origins.ts";
import { createRate } from "../../../sync-server/server/admission/rates.ts";
import { crypto, makeKey } from "../../helpers/node-crypto.ts";

test("[LI1] a bucket gives its burst at once and then its rate", () => {
  let time = 0;
  const rate = createRate(20, 100, () => time);
  const level = rate.fresh();
  const taken = () => Array.from({ length: 200 }, () => rate.take(level)).filter(Boolean).length;
  expect(taken()).toBe(100);
  expect(taken()).toBe(0);
  time = 1_000;
  expect(taken()).toBe(20);
  time = 0;
  expect(taken()).toBe(0);
});

test("[LI7] one invite keeps so many sockets and no more, and what leaves frees its place", () => {
  const limits = createLimits({ ...LIMITS, socketsPerInvite: 2 }, () => 0);
  expect([limits.inviteCame("i"), limits.inviteCame("i"), limits.inviteCame("i"), limits.inviteCame("j")]).toEqual([
    true,
    true,
    false,
    true,
  ]);
  limits.inviteLeft("i");
  expect(limits.inviteCame("i")).toBe(true);
});

const from = (forwarded: string | string[] | undefined) =>
  ({
    headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
    socket: { remoteAddress: "10.0.0.9" },
  }) as Parameters<typeof addressOf>[0];
test.each([
  ["nothing", undefined, "10.0.0.9"],
  ["what our proxy added last, not what the client wrote before it", "6.6.6.6, 203.0.113.7", "203.0.113.7"],
  ["an IPv6 address", "2001:db8::7", "2001:db8::7"],
  ["no address at all", "unknown", "10.0.0.9"],
])("[LI8] behind a trusted proxy a socket counts for %s", (_title, forwarded, address) => {
  expect(addressOf(from(forwarded), true)).toBe(address);
});
test("[LI8] without --trust-proxy nobody chooses whom they count for", () => {
  expect(addressOf(from("203.0.113.7"), false)).toBe("10.0.0.9");
});

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["::ffff:cb00:7107", "203.0.113.7"],
  ["0:0:0:0:0:FFFF:CB00:7107", "203.0.113.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:0DB8:0001:0002::9", "2001:db8:1:2::/64"],
  ["2001:db8:1:3::9", "2001:db8:1:3::/64"],
  ["2001:db8::203.0.113.7", "2001:db8:0:0::/64"],
  ["2001:db8:1:2:3:4:203.0.113.7", "2001:db8:1:2::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["::", "0:0:0:0::/64"],
  ["unknown", "unknown"],
])("[LI12] %s counts as %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test("[LI3] one device's commands do not use up another's", () => {
  const limits = createLimits({ ...LIMITS, commandBurst: 1 }, () => 0);
  expect([
    limits.command("w desk", "w ben"),
    limits.command("w desk", "w ben"),
    limits.command("w phone", "w ben"),
  ]).toEqual([true, false, true]);
});

test("[LI10] a person's devices share one bucket, which refills, and what one person sends holds up nobody else", () => {
  let now = 0;
  const limits = createLimits({ ...LIMITS, memberCommandBurst: 2, memberCommandsPerSecond: 1 }, () => now);
  expect(["desk", "phone", "desk", "third"].map((device) => limits.command(`w ${device}`, "w ben"))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect([limits.command("w cleo's", "w cleo"), limits.command("v desk", "v ben")]).toEqual([true, true]);
  now = 1_000;
  limits.sweep();
  expect(["desk", "phone"].map((device) => limits.command(`w ${device}`, "w ben"))).toEqual([true, false]);
});

test("[SV3] [T23] a log line has the fields of the list and nothing else, whatever is handed in", () => {
  const line = logLine(0, {
    event: "closed",
    workspace: "W".repeat(22),
    document: "lane:secretmember",
    code: 4403,
    ...({ name: "CANARY", jws: "CANARY" } as object),
  });
  expect(JSON.parse(line)).toEqual({
    time: "1970-01-01T00:00:00.000Z",
    event: "closed",
    workspace: "WWWWWWWW",
    document: "lane",
    code: 4403,
  });
});

const wid = "W".repeat(22);
test.each([
  [`/${wid}/log`, "log"],
  [`/${wid}/queue:approvers`, "queue:approvers"],
  [`/${wid}/queue%3Aapprovers`, "queue:approvers"],
])("[SV4] the path %s is a document", (path, doc) => {
  expect(readRoom(path)).toEqual({ wid, doc });
});
test("[SV4] CN1 the path of a workspace is a connection, and names no document", () => {
  expect(readRoom(`/${wid}`)).toEqual({ wid, doc: undefined });
});
test.each([
  "/",
  `/${wid}/`,
  `/${wid}/log/`,
  `/${wid}/logs`,
  `/${wid}/../log`,
  `//${wid}/log`,
  `/${wid.slice(1)}/log`,
  `/${wid}/queue:`,
  `/${wid}/lane:x`,
  `/${wid}/queue:UP`,
  `/${wid}/%6cog`,
])("[SV4] the path %s is none", (path) => {
  expect(readRoom(path)).toBeUndefined();
});

test("[SV5] a server answers to its own addresses and to the names it was given, and to no other", () => {
  const plain = createOrigins([], 4700, Date.now);
  expect(plain.dialled("127.0.0.1:4700")).toBe("http://127.0.0.1:4700");
  expect(plain.dialled("LOCALHOST:4700")).toBe("http://localhost:4700");
  expect(plain.dialled("[::1]:4700")).toBe("http://[::1]:4700");
  for (const host of ["evil.example", "127.0.0.1:4701", "127.0.0.1", "127.0.0.1:4700@evil.example", "", undefined])
    expect(plain.dialled(host)).toBeUndefined();
  const named = createOrigins(["https://sync.example.org"], 4700, Date.now);
  expect(named.dialled("sync.example.org")).toBe("https://sync.example.org");
  expect(named.dialled("10.9.8.7")).toBe("https://sync.example.org");
  expect(named.accepts("https://sync.example.org")).toBe(true);
  expect(named.accepts("http://127.0.0.1:4700")).toBe(true);
  for (const origin of ["http://sync.example.org", "https://sync.example.org:444", "https://evil.example", "null", ""])
    expect(named.accepts(origin)).toBe(false);
});

test("[SV6] the join page runs exactly its own script and style, and loads nothing", () => {
  const hash = (tag: string) =>
    createHash("sha256")
      .update(JOIN_PAGE.split(`<${tag}>`)[1]?.split(`</${tag}>`)[0] ?? "", "utf8")
      .digest("base64");
  expect(JOIN_PAGE_POLICY).toContain("default-src 'none'");
  expect(JOIN_PAGE_POLICY).toContain(`script-src 'sha256-${hash("script")}'`);
  expect(JOIN_PAGE_POLICY).toContain(`style-src 'sha256-${hash("style")}'`);
  expect(JOIN_PAGE_POLICY).not.toMatch(/unsafe|https?:|data:|\*/);
  expect(JOIN_PAGE).not.toMatch(/ (src|srcset|style|on\w+)=|https?:|@import|url\(|innerHTML|fetch/);
});

test("[CR1] keys, signatures and text have one spelling", () => {
  const key = makeKey();
  const signature = key.sign("hello");
  expect(crypto.verify(key.x, "hello", signature)).toBe(true);
  for (const [x, text, given] of [
    [key.x, "hello!", signature],
    [makeKey().x, "hello", signature],
    [`${key.x}=`, "hello", signature],
    [key.x, "hello", `${signature}==`],
    [key.x, "hello", signature.slice(0, 40)],
    ["", "hello", signature],
  ] as const)
    expect(crypto.verify(x, text, given)).toBe(false);
  expect(crypto.decode(crypto.encode("Grüße"))).toBe("Grüße");
  for (const bad of ["AB", "YQ==", "Y Q", "_-+", Buffer.from([0xff]).toString("base64url")])
    expect([bad, crypto.decode(bad)]).toEqual([bad, undefined]);
});
