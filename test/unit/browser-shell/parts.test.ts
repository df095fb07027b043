import { expect, test } from "vitest";
import { readOptions } from "../../../electron/browser-shell/args.ts";
import { openCommand } from "../../../electron/browser-shell/open-browser.ts";
import { accountIn, isForeign } from "../../../electron/browser-shell/peer.ts";
import { createTokens } from "../../../electron/browser-shell/tokens.ts";

test("the command line is read whole or refused with the reason", () => {
  expect(readOptions([])).toEqual({ data: null, port: 0, popupPort: 0, open: true, smoke: false, link: null });
  expect(
    readOptions(["--data", "/d", "--port", "4000", "--popup-port=4001", "--no-open", "--smoke", "bulkhead://join#a"]),
  ).toEqual({ data: "/d", port: 4_000, popupPort: 4_001, open: false, smoke: true, link: "bulkhead://join#a" });
  for (const bad of [
    ["--port", "0"],
    ["--port", "65536"],
    ["--port", "http"],
    ["--port", "-1"],
    ["--prot", "1"],
    ["stray"],
    ["--port", "4000", "--popup-port", "4000"],
    ["--data"],
  ])
    expect(readOptions(bad), bad.join(" ")).toHaveProperty("problem");
});

test("the browser is opened by each system's own command, and not where there is no screen", () => {
  const url = "http://127.0.0.1:1/#token=a&b";
  // Where every account can read command lines, the token is on none, or is worth nothing to them: see peer.ts.
  expect(openCommand(url, "darwin", {})).toEqual({ command: ["osascript", "-"], input: `open location "${url}"\n` });
  expect(openCommand(url, "win32", {})).toEqual({
    command: ["rundll32", "url.dll,FileProtocolHandler", url],
    input: null,
  });
  expect(openCommand(url, "linux", { DISPLAY: ":0" })).toEqual({ command: ["xdg-open", url], input: null });
  expect(openCommand(url, "linux", { WAYLAND_DISPLAY: "wayland-0" })).toEqual({
    command: ["xdg-open", url],
    input: null,
  });
  expect(openCommand(url, "linux", { DISPLAY: "" })).toBeNull();
});

test("the account of a connection is read from both lists of the kernel, and only that of exactly this one", () => {
  const head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
  const row = (local: string, remote: string, uid: number): string =>
    `   3: ${local} ${remote} 01 00000000:00000000 00:00000000 00000000  ${uid}        0 12345 1 0000000000000000 20 4 30 10 -1\n`;
  const tcp =
    head +
    row("0100007F:1F90", "0100007F:9C40", 1_000) +
    row("0100007F:9C40", "0100007F:1F90", 1_001) +
    row("0200007F:9C41", "0100007F:1F90", 1_002);
  const tcp6 = head + row("0000000000000000FFFF00000100007F:9C42", "0000000000000000FFFF00000100007F:1F90", 1_003);
  expect([
    accountIn(tcp, 40_000, 8_080),
    accountIn(tcp, 40_001, 8_080),
    accountIn(tcp6, 40_002, 8_080),
    accountIn("", 1, 2),
  ]).toEqual([1_001, null, 1_003, null]);
  const read = (path: string): string => (path.endsWith("6") ? tcp6 : tcp);
  expect([
    isForeign(40_000, 8_080, 1_001, read),
    isForeign(40_000, 8_080, 1_000, read),
    isForeign(40_002, 8_080, 1_000, read),
    isForeign(40_001, 8_080, 1_000, read),
    isForeign(40_000, 8_080, 1_000, () => ""),
  ]).toEqual([false, true, true, false, false]);
  expect(isForeign(40_000, 8_080, 1_000, () => tcp.replace("  1001 ", "  0 "))).toBe(false);
});

test("an address works once, and its window again and again", () => {
  const tokens = createTokens();
  const first = tokens.once({ kind: "main" });
  const opened = tokens.redeem(first, "main");
  expect(opened?.of).toEqual({ kind: "main" });
  expect(tokens.redeem(first, "main")).toBeUndefined();
  const again = opened?.again ?? "";
  expect(again).not.toBe(first);
  expect(tokens.redeem(again, "main")).toEqual({ of: { kind: "main" }, again });
  expect(tokens.redeem(again, "main")).toEqual({ of: { kind: "main" }, again });
});

test("a token opens its own kind of window, and a wrong try does not spend it", () => {
  const tokens = createTokens();
  const card = { wid: "w", request: "r" };
  const [main, popup] = [tokens.once({ kind: "main" }), tokens.once({ kind: "popup", card })];
  expect([tokens.redeem(main, "popup"), tokens.redeem(popup, "main"), tokens.redeem("", "main")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  const opened = tokens.redeem(popup, "popup");
  expect(opened?.of).toEqual({ kind: "popup", card });
  expect(tokens.redeem(opened?.again ?? "", "main")).toBeUndefined();
  expect(tokens.redeem(main, "main")).toBeDefined();
});

test("tokens do not pile up", () => {
  const tokens = createTokens();
  const oldest = tokens.once({ kind: "main" });
  for (let n = 0; n < 500; n++) tokens.once({ kind: "main" });
  expect(tokens.redeem(oldest, "main")).toBeUndefined();
});
