import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CHANNELS, PAGES } from "#bridge/ipc.ts";
import type { Told } from "#bridge/told.ts";
import { COMMAND_TYP, signingInput } from "#core/protocol/command.ts";
import type { FromShell } from "#bridge/shell-port.ts";
import { startApp } from "../../../electron/main/app.ts";
import type { EmbeddedServer } from "../../../electron/shell/embedded-server.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { REMOTE_REFUSED } from "../../../electron/main/popup.ts";
import { createShellLog } from "../../../electron/shell/shell-log.ts";
import { claimElectronInstance } from "../../../electron/main/single-instance.ts";
import { declarePageScheme } from "../../../electron/main/navigation.ts";
import { fakeElectron } from "../../fakes/electron.ts";
import type { FakePort, FakeWindow } from "../../fakes/electron.ts";
import { fakeRenderer } from "../../helpers/browser-shell.ts";
import { tempDir } from "../../helpers/temp.ts";
import { told } from "#bridge/told.ts";

const card = { wid: "w".repeat(22), request: "r".repeat(43) };
const server: EmbeddedServer = {
  start: () => Promise.resolve("http://127.0.0.1:1"),
  addresses: () => [],
  stop: () => Promise.resolve(),
};

/** The shell over a fake Electron, and the host's end of its channel. */
const started = (directPorts = true) => {
  const fake = fakeElectron();
  const built = tempDir();
  mkdirSync(join(built, "preload"));
  renameSync(fakeRenderer(), join(built, "renderer"));
  const enabled: unknown[] = [];
  const toHost: { message: FromShell; port: unknown }[] = [];
  const hosts: { say: (message: unknown) => void; die: () => void }[] = [];
  const app = startApp(fake.electron, {
    remote: { initialize: () => undefined, enable: (contents) => enabled.push(contents) },
    built,
    keyFile: join(built, "device-keys.json"),
    startHost: () => {
      let say: (message: unknown) => void = () => undefined;
      let die: () => void = () => undefined;
      hosts.push({ say: (message) => say(message), die: () => die() });
      return {
        post: (message, port) => (toHost.push({ message, port }), message.s === "stop" && die()),
        onMessage: (listener) => (say = listener),
        onExit: (listener) => (die = listener),
        kill: () => die(),
      };
    },
    directPorts,
    server,
    onHostState: () => undefined,
    log: createShellLog({ write: () => undefined }, "main", () => 0),
  });
  const host = () => hosts.at(-1) as (typeof hosts)[number];
  const connect = (window: FakeWindow, frame: unknown = window.webContents.mainFrame) =>
    fake.ipcMain.emit(CHANNELS.connect, { sender: window.webContents, senderFrame: frame });
  const messages = (s: FromShell["s"]) => toHost.filter(({ message }) => message.s === s);
  return {
    ...fake,
    electronApp: fake.app,
    app,
    host,
    hosts,
    toHost,
    messages,
    connect,
    enabled,
    main: () => fake.windows[0] as FakeWindow,
  };
};
const ready = { s: "ready", version: "1" };
const hostStates = (window: FakeWindow) =>
  window.webContents.sent
    .filter(({ channel }) => channel === CHANNELS.host)
    .map(({ value }) => (value as { state: string }).state);

test("the main window is sandboxed, isolated and shows our own page", () => {
  const { main } = started();
  expect(main().webContents.mainFrame.url).toBe("bulkhead-app://main/index.html");
  expect(main().options["webPreferences"]).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
  });
});

test("the main window gets a port straight to the host, and a new one when the host comes back", () => {
  const { main, connect, host, hosts, messages } = started();
  connect(main());
  expect(main().webContents.ports).toHaveLength(0);
  host().say(ready);
  expect(messages("window.open")[0]).toMatchObject({ message: { kind: "main" } });
  const handed = messages("window.open")[0]?.port as FakePort | undefined;
  expect(handed?.peer).toBe(main().webContents.ports[0]);
  expect(hostStates(main())).toEqual(["starting", "ready"]);
  host().die();
  expect(hostStates(main()).at(-1)).toBe("starting");
  return expect
    .poll(() => hosts.length)
    .toBe(2)
    .then(() => {
      host().say(ready);
      expect(main().webContents.ports).toHaveLength(2);
      expect(hostStates(main()).at(-1)).toBe("ready");
    });
});

test("the host hears which proxy the system has for an address", async () => {
  const { host, messages } = started();
  host().say(ready);
  host().say({ s: "request", id: 7, method: "proxy.of", params: { origin: "https://sync.example.org" } });
  await expect
    .poll(() => messages("answer")[0]?.message)
    .toMatchObject({ id: 7, ok: true, value: "PROXY proxy.example.org:3128; for https://sync.example.org" });
});

test("a reload closes the window's first connection at the host", () => {
  const { main, connect, host, messages } = started();
  host().say(ready);
  connect(main());
  connect(main());
  expect(messages("window.close")).toHaveLength(1);
  expect(main().webContents.ports).toHaveLength(2);
});

test("only the top frame of a window that main opened, on its own page, is heard", () => {
  const { main, windows, connect, host, electron, ipcMain, copied } = started();
  host().say(ready);
  const stranger = new electron.BrowserWindow({}) as unknown as FakeWindow;
  stranger.webContents.mainFrame.url = PAGES.main;
  connect(stranger);
  connect(main(), { url: PAGES.main });
  connect(main(), null);
  const url = main().webContents.mainFrame.url;
  for (const elsewhere of [
    "https://evil.example/",
    "bulkhead-app://main/other.html",
    PAGES.popup,
    `${PAGES.main}?x`,
    "file:///index.html",
  ]) {
    main().webContents.mainFrame.url = elsewhere;
    connect(main());
    ipcMain.emit(CHANNELS.copy, { sender: main().webContents, senderFrame: main().webContents.mainFrame }, "stolen");
  }
  expect(windows.flatMap((window) => window.webContents.ports)).toHaveLength(0);
  expect(copied).toEqual([]);
  main().webContents.mainFrame.url = `${url}#/threads`;
  connect(main());
  expect(main().webContents.ports).toHaveLength(1);
});

test("text is copied and https links are opened, of the focused window alone", () => {
  const { main, ipcMain, copied, external } = started();
  const say = (channel: string, value: unknown) =>
    ipcMain.emit(channel, { sender: main().webContents, senderFrame: main().webContents.mainFrame }, value);
  say(CHANNELS.copy, "invite");
  for (const bad of [1, null, { text: "x" }, "x".repeat(70_000)]) say(CHANNELS.copy, bad);
  expect(copied).toEqual(["invite"]);
  say(CHANNELS.openLink, "https://example.org/a");
  expect(external).toEqual([]);
  main().focused = true;
  say(CHANNELS.openLink, "https://example.org/a");
  for (const bad of [
    "http://example.org",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://name:pw@example.org",
    "bulkhead://join#x",
    "https://exa mple.org",
    7,
  ])
    say(CHANNELS.openLink, bad);
  expect(external).toEqual(["https://example.org/a"]);
});

test("no page navigates, opens windows or gets permissions", async () => {
  const { main, askPermission } = started();
  let prevented = 0;
  for (const event of ["will-navigate", "will-redirect", "will-frame-navigate", "will-attach-webview"])
    main().webContents.emit(event, { preventDefault: () => prevented++ });
  expect(prevented).toBe(4);
  expect(main().webContents.openHandler?.()).toEqual({ action: "deny" });
  for (const name of ["media", "geolocation", "clipboard-read", "openExternal"])
    expect(await askPermission(name)).toBe(false);
});

test("a page saves an export or evidence that it wrote itself, and nothing from anywhere else", async () => {
  const { download } = started();
  expect(download("blob:bulkhead-app://main/0f8fad5b-d9cb-469f-a165-70867728950e", "audit-harbour.csv")).toBe(true);
  expect(download("blob:bulkhead-app://main/0f8fad5b-d9cb-469f-a165-70867728950e", "audit-harbour.jsonl")).toBe(true);
  expect(
    download("blob:bulkhead-app://main/0f8fad5b-d9cb-469f-a165-70867728950e", "bulkhead-evidence-2026-11-24.json"),
  ).toBe(true);
  const refused = [
    ["https://example.org/audit-harbour.csv", "audit-harbour.csv"],
    ["blob:https://example.org/1", "audit-harbour.csv"],
    ["blob:bulkhead-app://popup/1", "audit-harbour.csv"],
    ["blob:bulkhead-app://main.example.org/1", "audit-harbour.csv"],
    ["data:text/csv,a", "audit-harbour.csv"],
    ["bulkhead-app://main/index.html", "audit-harbour.csv"],
    ...[
      "audit-harbour.exe",
      "audit-harbour.csv.exe",
      "../audit-harbour.csv",
      ".bashrc",
      "audit-.csv",
      "",
      "audit-A.csv",
      "bulkhead-evidence-.json",
      "bulkhead-evidence-2026-11-24.json.exe",
    ].map((name) => ["blob:bulkhead-app://main/1", name]),
  ];
  for (const [url = "", name = ""] of refused) expect([url, name, download(url, name)]).toEqual([url, name, false]);
});

test("pages are served from the built interface, each origin its own", async () => {
  const { serve } = started();
  expect(await serve("bulkhead-app://main/index.html")?.text()).toContain("main page");
  expect(await serve("bulkhead-app://popup/popup.html")?.text()).toContain("popup page");
  expect(serve("bulkhead-app://main/index.html")?.headers.get("content-security-policy")).toContain(
    "default-src 'none'",
  );
  for (const url of [
    "bulkhead-app://main/popup.html",
    "bulkhead-app://popup/index.html",
    "bulkhead-app://other/index.html",
    "bulkhead-app://constructor/index.html",
    "bulkhead-app://main/secret.env",
    "bulkhead-app://main/../index.html/x",
  ])
    expect(serve(url)?.status, url).toBe(404);
});

test("the popup is shown without taking the focus, above other windows, near the tray", () => {
  const { windows, host, enabled, main } = started();
  host().say({ s: "request", id: 1, method: "popup.show", params: card });
  return expect
    .poll(() => windows.length)
    .toBe(2)
    .then(() => {
      const popup = windows[1] as FakeWindow;
      popup.emit("ready-to-show");
      expect(popup.shown).toEqual(["inactive"]);
      expect(popup.options).toMatchObject({ alwaysOnTop: true, show: false, width: 440, height: 560, x: 1_480, y: 38 });
      expect(popup.webContents.mainFrame.url).toBe(`${PAGES.popup}#wid=${card.wid}&request=${card.request}`);
      expect(popup.options["webPreferences"]).toMatchObject({ sandbox: true, contextIsolation: true });
      expect(enabled).toEqual([popup.webContents]);
      expect(enabled).not.toContain(main().webContents);
    });
});

test("remote refuses everything but the popup's own window", () => {
  const { electronApp: app } = started();
  for (const name of REMOTE_REFUSED) {
    let prevented = false;
    app.emit(name, { preventDefault: () => (prevented = true) });
    expect(prevented, name).toBe(true);
  }
});

test("[T20] the popup's decision passes through main and reaches the host once", async () => {
  const { windows, host, connect, messages } = started();
  host().say(ready);
  host().say({ s: "request", id: 1, method: "popup.show", params: card });
  await expect.poll(() => windows.length).toBe(2);
  const popup = windows[1] as FakeWindow;
  connect(popup);
  const port = popup.webContents.ports[0] as FakePort;
  expect(messages("window.open").at(-1)).toMatchObject({ message: { kind: "popup" }, port: undefined });
  port.postMessage({ f: "call", id: 4, method: "search", params: {} });
  port.postMessage({ f: "call", id: 5, method: "card.decide", params: { ...card, vote: "approve", note: "" } });
  expect(messages("window.frame").map(({ message }) => (message as { frame: { id: number } }).frame.id)).toEqual([5]);
  const forwarded = messages("window.frame")[0]?.message;
  const number = forwarded !== undefined && "window" in forwarded ? forwarded.window : 0;
  host().say({ s: "window.send", window: number, frame: { f: "ok", id: 5, result: {} } });
  await expect.poll(() => popup.destroyed).toBe(true);
});

test("[T15] the number of a new device is drawn by the shell, and only the answer in that window lets its keys be signed", async () => {
  const { windows, host, toHost, connect, messages, main } = started();
  const keys = { x: "x".repeat(43), enc: "e".repeat(43) };
  const named = { wid: card.wid, pairing: "p".repeat(22) };
  let last = 0;
  const ask = async (method: string, params: unknown): Promise<{ value?: unknown; error?: Told }> => {
    const id = (last += 1);
    const answer = () => toHost.find(({ message }) => "id" in message && message.id === id)?.message;
    host().say({ s: "request", id, method, params });
    await expect.poll(answer).toBeDefined();
    return answer() as { value?: unknown; error?: Told };
  };
  const device = ((await ask("keys.list", {})).value as { device: string }[])[0]?.device ?? "";
  const add = signingInput(nodeCrypto, device, COMMAND_TYP, {
    v: 1,
    w: named.wid,
    d: "log",
    n: 1,
    seen: [1, "h".repeat(43)],
    exp: 1,
    k: "device.add",
    x: true,
    b: { ...keys, pop: "p".repeat(86), kind: "desktop", name: null },
  });
  host().say(ready);
  expect((await ask("pair.show", named)).error?.code).toBe("no-pairing");
  await ask("pair.begin", { ...named, member: "m".repeat(22) });
  const { number } = (
    await ask("pair.reveal", { pairing: named.pairing, ...keys, name: "Laptop", newNonce: "n".repeat(22) })
  ).value as { number: string };
  await ask("pair.show", named);
  const popup = windows[1] as FakeWindow;
  expect(popup.webContents.mainFrame.url).toBe(`${PAGES.popup}#wid=${named.wid}&pairing=${named.pairing}`);
  // The main window talks to the host past the shell, so nothing that it says can count.
  connect(main());
  expect((await ask("keys.sign", { device, input: add })).error?.code).toBe("not-confirmed");
  connect(popup);
  const port = popup.webContents.ports[0] as FakePort;
  expect(port.peer?.posted[0]).toEqual({ f: "pairing", name: "Laptop", number });
  port.postMessage({ f: "call", id: 7, method: "pair.answer", params: { ...named, same: true } });
  expect(messages("window.frame")).toHaveLength(1);
  expect((await ask("keys.sign", { device, input: add })).value).toMatch(/^[A-Za-z0-9_-]{86}$/);
  expect((await ask("keys.sign", { device, input: add })).error?.code).toBe("not-confirmed");
});

test("[SG1] an act is drawn by the shell before the cards that wait, and closing its window is a no", async () => {
  const { windows, host, toHost, connect } = started();
  const asked = {
    wid: card.wid,
    workspace: "Harbour",
    kind: "workspace.level",
    body: { from: 1, to: 2 },
    people: {},
    roles: {},
  };
  const answer = (id: number) => toHost.find(({ message }) => "id" in message && message.id === id)?.message;
  host().say(ready);
  host().say({ s: "request", id: 1, method: "popup.show", params: card });
  await expect.poll(() => windows.length).toBe(2);
  host().say({ s: "request", id: 2, method: "popup.show", params: { ...card, request: "s".repeat(43) } });
  await expect.poll(() => answer(2)).toBeDefined();
  host().say({ s: "request", id: 3, method: "act.confirm", params: asked });
  (windows[1] as FakeWindow).close();
  await expect.poll(() => windows.length).toBe(3);
  const popup = windows[2] as FakeWindow;
  expect(popup.webContents.mainFrame.url).toMatch(new RegExp(`#wid=${card.wid}&act=[A-Za-z0-9_-]{22}$`));
  connect(popup);
  const port = popup.webContents.ports[0] as FakePort;
  expect(port.peer?.posted[0]).toEqual({
    f: "act",
    act: { kind: "workspace.level", workspace: "Harbour", from: 1, to: 2 },
  });
  expect(answer(3)).toBeUndefined();
  popup.close();
  await expect.poll(() => answer(3)).toMatchObject({ ok: false, error: { code: "not-confirmed" } });
});

test("a second card waits until the first popup is closed, and no card is shown twice", async () => {
  const { windows, host } = started();
  const other = { ...card, request: "s".repeat(43) };
  for (const [id, which] of [card, card, other, other].entries())
    host().say({ s: "request", id, method: "popup.show", params: which });
  await expect.poll(() => windows.length).toBe(2);
  (windows[1] as FakeWindow).close();
  await expect.poll(() => windows.length).toBe(3);
  expect(windows[2]?.webContents.mainFrame.url).toContain(other.request);
  (windows[2] as FakeWindow).close();
  expect(windows).toHaveLength(3);
});

test("[BU4] of a flood of cards the newest five wait behind the open popup, and no more windows open", async () => {
  const { windows, host, messages } = started();
  const cards = Array.from({ length: 112 }, (_, i) => ({ ...card, request: String(i).padStart(43, "r") }));
  for (const [id, which] of cards.entries()) host().say({ s: "request", id, method: "popup.show", params: which });
  // Twenty are taken at once; what is refused stands in the list of the main window.
  await expect.poll(() => messages("answer").length + messages("refusal").length).toBe(cards.length);
  expect(windows).toHaveLength(2);
  for (let i = 1; i < windows.length; i += 1) (windows[i] as FakeWindow).close();
  const shown = windows.slice(1).map((window) => /request=(r*\d+)$/.exec(window.webContents.mainFrame.url)?.[1]);
  expect(shown).toEqual([cards[0], ...cards.slice(15, 20)].map((each) => each?.request));
});

test("[SG1] of a flood of acts one window waits behind the open popup, and it is the one that can be answered", async () => {
  const { windows, host, toHost } = started();
  host().say(ready);
  host().say({ s: "request", id: 1, method: "popup.show", params: card });
  await expect.poll(() => windows.length).toBe(2);
  const asked = { wid: card.wid, workspace: "Harbour", kind: "workspace.level", people: {}, roles: {} };
  for (let to = 2; to < 102; to += 1)
    host().say({ s: "request", id: to, method: "act.confirm", params: { ...asked, body: { from: to - 1, to } } });
  const refused = () => toHost.filter(({ message }) => message.s === "refusal").length;
  await expect.poll(refused).toBe(99);
  for (let i = 1; i < windows.length; i += 1) (windows[i] as FakeWindow).close();
  expect(windows).toHaveLength(3);
});

test("[T18] waiting cards show at the tray, and a notification opens its card", async () => {
  const { host, trays, electronApp, notifications, windows } = started();
  host().say({ s: "request", id: 1, method: "badge", params: { waiting: 2 } });
  host().say({
    s: "request",
    id: 2,
    method: "notify",
    params: { title: told("notice.own", "write"), body: told("notice.own-where", "files"), card },
  });
  await expect.poll(() => notifications.length).toBe(1);
  expect(trays[0]?.tips.at(-1)).toBe("Bulkhead: 2 cards wait for you");
  expect(electronApp.badges.at(-1)).toBe(2);
  notifications[0]?.emit("click");
  expect(windows[1]?.webContents.mainFrame.url).toContain(card.request);
});

test("with a host that takes no ports every window is relayed, and decisions are refused in the main window", () => {
  const { main, connect, host, messages } = started(false);
  host().say(ready);
  connect(main());
  const port = main().webContents.ports[0] as FakePort;
  const answers: unknown[] = [];
  port.on("message", ({ data }) => answers.push(data));
  port.postMessage({ f: "call", id: 1, method: "card.decide", params: { ...card, vote: "approve", note: "" } });
  port.postMessage({ f: "call", id: 2, method: "model.detect", params: {} });
  expect(answers).toEqual([
    expect.objectContaining({ f: "error", id: 1, error: expect.objectContaining({ code: "popup-only" }) as unknown }),
  ]);
  expect(messages("window.frame")).toHaveLength(1);
});

test("[T28] links reach the host once it is ready, from a cold start, a second start and macOS", () => {
  const { app, electron, electronApp: fakeApp, host, messages } = started();
  const seconds: number[] = [];
  expect(
    claimElectronInstance(electron.app, ["/bulkhead", "bulkhead://join#cold"], app.link, () => seconds.push(1)),
  ).toBe(true);
  fakeApp.emit("second-instance", {}, ["/bulkhead", "bulkhead://join/#second"]);
  fakeApp.emit("second-instance", {}, ["/bulkhead", "bulkhead://approve#bad"]);
  let prevented = false;
  fakeApp.emit("open-url", { preventDefault: () => (prevented = true) }, "bulkhead://join#mac");
  expect(messages("link")).toHaveLength(0);
  host().say(ready);
  expect(messages("link").map(({ message }) => (message as { url: string }).url)).toEqual([
    "bulkhead://join#cold",
    "bulkhead://join#second",
    "bulkhead://join#mac",
  ]);
  expect([prevented, seconds.length]).toEqual([true, 3]);
});

test("a start beside a running one ends, and the scheme is registered only by an installed app", () => {
  const { electron, app } = fakeElectron();
  app.hasLock = false;
  expect(
    claimElectronInstance(
      electron.app,
      [],
      () => undefined,
      () => undefined,
    ),
  ).toBe(false);
  app.hasLock = true;
  claimElectronInstance(
    electron.app,
    [],
    () => undefined,
    () => undefined,
  );
  expect(app.protocolClients).toEqual([]);
  app.isPackaged = true;
  claimElectronInstance(
    electron.app,
    [],
    () => undefined,
    () => undefined,
  );
  expect(app.protocolClients).toEqual(["bulkhead"]);
});

test("the page scheme is standard and secure and gets no other privilege", () => {
  const { electron, schemes } = fakeElectron();
  declarePageScheme(electron.protocol);
  expect(schemes).toEqual([
    { scheme: "bulkhead-app", privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
});

test("closing the shell stops the host and closes every window", async () => {
  const { app, windows, messages, host } = started();
  host().say(ready);
  await app.close();
  expect(messages("stop")).toHaveLength(1);
  expect(windows.every((window) => window.destroyed)).toBe(true);
});
