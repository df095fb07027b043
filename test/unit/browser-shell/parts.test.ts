import { expect, test } from "vitest";
import { readOptions } from "../../../electron/browser-shell/args.ts";
import { openCommand } from "../../../electron/browser-shell/open-browser.ts";
import { createTokens } from "../../../electron/browser-shell/tokens.ts";

test("the command line is read whole or refused with the reason", () => {
  expect(readOptions([])).toEqual({ data: null, port: 0, popupPort: 0, open: true, smoke: false, link: null });
  expect(readOptions(["--data", "/d", "--port", "4000", "--popup-port=4001", "--no-open", "--smoke", "bulkhead://join#a"])).toEqual({ data: "/d", port: 4_000, popupPort: 4_001, open: false, smoke: true, link: "bulkhead://join#a" });
  for (const bad of [["--port", "0"], ["--port", "65536"], ["--port", "http"], ["--port", "-1"], ["--prot", "1"], ["stray"], ["--port", "4000", "--popup-port", "4000"], ["--data"]]) expect(readOptions(bad), bad.join(" ")).toHaveProperty("problem");
});

test("the browser is opened by each system's own command, and not where there is no screen", () => {
  const url = "http://127.0.0.1:1/#token=a&b";
  expect(openCommand(url, "darwin", {})).toEqual(["open", url]);
  expect(openCommand(url, "win32", {})).toEqual(["rundll32", "url.dll,FileProtocolHandler", url]);
  expect(openCommand(url, "linux", { DISPLAY: ":0" })).toEqual(["xdg-open", url]);
  expect(openCommand(url, "linux", { WAYLAND_DISPLAY: "wayland-0" })).toEqual(["xdg-open", url]);
  expect(openCommand(url, "linux", { DISPLAY: "" })).toBeNull();
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
  expect([tokens.redeem(main, "popup"), tokens.redeem(popup, "main"), tokens.redeem("", "main")]).toEqual([undefined, undefined, undefined]);
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
