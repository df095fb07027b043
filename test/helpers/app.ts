/** One person's rooms of sync and gate, on a real store and real keys, against a sync server in a process of its own. */
import { wordsOf } from "./worded.ts";
import { createBeat } from "../../electron/host/beat.ts";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { PolicyChange } from "#bridge/policy.ts";
import type { CardSummary } from "#bridge/card.ts";
import type { Knows } from "#core/rules/state.ts";
import { readLink, writeCode } from "#core/protocol/link.ts";
import { createLog } from "../../electron/host/log.ts";
import type { SyncRoom } from "../../electron/host/rooms.ts";
import type { Enclose } from "../../electron/host/gate/asking.ts";
import { NOTHING } from "../../electron/host/gate/enclosure.ts";
import type { Clock } from "#client/ports/clock.ts";
import type { ProposedCall, Tools } from "../../electron/host/seams.ts";
import { createLedger } from "../../electron/host/store/ledger.ts";
import type { Ledger } from "../../electron/host/store/ledger.ts";
import { openStore } from "../../electron/host/store/open.ts";
import type { Store } from "../../electron/host/store/open.ts";
import { createSettingsStore, type SettingsStore } from "../../electron/host/store/settings.ts";
import { createSyncRoom } from "../../electron/host/workspace-rooms.ts";
import { freePort } from "../../electron/shell/free-port.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { newStoreIn } from "./new-store.ts";
import { admitted, type Behind } from "./admitted.ts";
import { tempDir } from "./temp.ts";
import { testShell } from "./test-shell.ts";
import type { Drawn, TestShell } from "./test-shell.ts";
import { until } from "./wait.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

export interface ServerProcess {
  readonly url: string;
  readonly dir: string;
  stop(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** Starts again on the same port and folder. */
  start(): Promise<void>;
  /** Stops the process where it is, with its sockets open, or lets it go on: for an app this is like its own sleep. */
  freeze(frozen: boolean): void;
  /** Moves the server's clock ahead: what limits approvals passes without waiting for it. */
  pass(ms: number): Promise<void>;
}

/** A sync server process; its output is kept from the terminal. Ends with the test. */
export const startServerProcess = async (dir = tempDir()): Promise<ServerProcess> => {
  let child: ChildProcess | null = null;
  const port = await freePort();
  newStoreIn(dir);
  const start = async (): Promise<void> => {
    const made = spawn(
      process.execPath,
      [
        "--import",
        join(ROOT, "test/fixtures/moved-time.mjs"),
        join(ROOT, "sync-server/main.ts"),
        "--port",
        String(port),
        "--data",
        dir,
        "--until-stdin-ends",
      ],
      { stdio: ["pipe", "pipe", "pipe", "ipc"] },
    );
    child = made;
    made.stderr?.resume();
    await new Promise<string>((resolve, reject) => {
      createInterface({ input: made.stdout as Readable }).once("line", resolve);
      made.once("exit", (code) => reject(new Error(`the sync server ended with ${code}`)));
    });
  };
  const stop = async (signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> => {
    const ending = child;
    child = null;
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => void ending.once("exit", () => resolve()));
    ending.kill(signal);
    await gone;
  };
  const pass = async (ms: number): Promise<void> => {
    const moved = new Promise((resolve) => void child?.once("message", resolve));
    child?.send({ pass: ms });
    await moved;
  };
  await start();
  onTestFinished(() => stop("SIGKILL"));
  const freeze = (frozen: boolean): void => void child?.kill(frozen ? "SIGSTOP" : "SIGCONT");
  return { url: `http://127.0.0.1:${port}`, dir, start, stop, freeze, pass };
};

/**
 * Time passes for the server and these apps; resolves when each of them knows it, without any entry. An app reads the
 * time off the heads that it is sent, and those of before may still be on their way: a connection made afterwards has
 * none of them. Only wall clocks move, or what passed would count twice.
 */
export const passTime = async (
  ms: number,
  server: Pick<ServerProcess, "pass">,
  wid: string,
  apps: readonly App[],
): Promise<void> => {
  await server.pass(ms);
  for (const app of apps) app.clock.wall(ms);
  const open = apps.filter((app) => running.has(app) && app.room.status(wid).reason?.code !== "paused");
  for (const app of open) await app.room.handlers["workspace.reconnect"]({ wid }, main);
  for (const app of open) await app.inSync(wid);
};

/** A clock that runs by itself and can be set: `wall` moves the wall clock alone, `pass` both. */
export interface MovedClock extends Clock {
  wall(ms: number): void;
  pass(ms: number): void;
  /** Stands still from now on, but for what moves it: a slow machine passes no time. */
  stand(): void;
}
export const movedClock = (): MovedClock => {
  let wall = 0;
  let passed = 0;
  let stood: { readonly now: number; readonly monotonic: number } | null = null;
  return {
    now: () => (stood?.now ?? Date.now()) + wall + passed,
    monotonic: () => (stood?.monotonic ?? performance.now()) + passed,
    wall: (ms) => void (wall += ms),
    pass: (ms) => void (passed += ms),
    stand: () => {
      stood = { now: Date.now(), monotonic: performance.now() };
    },
  };
};

export interface App {
  readonly settings: SettingsStore;
  readonly name: string;
  readonly dir: string;
  readonly room: Omit<SyncRoom, "handlers"> & { readonly handlers: Behind<SyncRoom["handlers"]> };
  readonly shell: TestShell;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly clock: MovedClock;
  /** What `find` answers; change it to change the tool. */
  readonly tool: { launch: string; schema: string; readOnly: boolean };
  /** Whether an approval window is open; nobody opens one here but the test. */
  readonly popup: { open: boolean };
  readonly published: string[];
  readonly catalogue: Map<string, number>;
  /** Own calls as they would be executed now; an app that is started again has those of before. */
  readonly proposed: Map<string, ProposedCall>;
  call(wid: string, server: string, args: string, id?: string): ProposedCall;
  card(wid: string, want?: (card: CardSummary) => boolean): Promise<CardSummary>;
  /** Decides in the popup. Where the app is connected its own copy shows the vote when this resolves. */
  decide(wid: string, request: string, vote: "approve" | "reject", note?: string): Promise<void>;
  /** Waits until the request is in this app's list, in whatever state. */
  sees(wid: string, request: string): Promise<CardSummary>;
  /** Waits for a permit: what was approved runs once the newest head of everything is known here. */
  permitted(call: ProposedCall): Promise<void>;
  inSync(wid: string): Promise<void>;
  close(): Promise<void>;
}

const toolsFor = (tool: App["tool"], catalogue: Map<string, number>): Tools => ({
  setCatalogue: (wid, entries) => void catalogue.set(wid, entries.length),
  ready: () => [],
  find: (_wid, _server, name) => ({
    launch: tool.launch,
    def: {
      name,
      title: null,
      description: "",
      inputSchema: {},
      readOnly: tool.readOnly,
      destructive: true,
      schema: tool.schema,
      definition: "{}",
    },
    unsteady: false,
  }),
  run: () => Promise.reject(new Error("these rooms run no tools")),
  onChange: () => () => undefined,
  close: () => Promise.resolve(),
});

let calls = 0;
/** The apps that a test has open now. */
const running = new Set<App>();

/** Opens one person's rooms. With `dir` of an earlier one it is the same app started again. */
export const openApp = async (
  name: string,
  {
    dir = tempDir(),
    clock = movedClock(),
    embedded = () => "http://127.0.0.1:1",
    enclose = () => Promise.resolve(NOTHING),
    proposed = new Map(),
    tickMs,
    build,
  }: {
    dir?: string;
    clock?: MovedClock;
    embedded?: Parameters<typeof testShell>[1];
    enclose?: Enclose;
    proposed?: Map<string, ProposedCall>;
    tickMs?: number;
    build?: Knows;
  } = {},
): Promise<App> => {
  const store = openStore({ dir, ...(build === undefined ? {} : { build }) });
  const settings = createSettingsStore(store);
  settings.setPerson(name);
  const shell = testShell(dir, embedded);
  const ledger = createLedger(store);
  const tool = { launch: "launch-1", schema: "s".repeat(43), readOnly: false };
  const catalogue = new Map<string, number>();
  const popup = { open: false };
  const published: string[] = [];
  const beat = createBeat(tickMs);
  const made = createSyncRoom({
    store,
    ledger,
    settings,
    shell,
    clock,
    log: createLog(() => undefined, clock.now),
    publisher: {
      publish: (kind, argument) => void published.push(argument === undefined ? kind : `${kind}/${argument}`),
    },
    tools: toolsFor(tool, catalogue),
    enclose,
    proposed: (id) => proposed.get(id) ?? null,
    presentText: () => Promise.resolve(null),
    modelName: () => null,
    popupOpen: () => popup.open,
    forgetThreads: () => undefined,
    forgetTools: () => undefined,
    beat,
    ...(build === undefined ? {} : { build }),
  });
  await made.open();
  const room = {
    ...made,
    handlers: admitted(made.handlers, { may: made.workspaces.may, workspaceOf: () => "" }, "reject"),
  };
  let open = true;
  const close = async (): Promise<void> => {
    if (!open) return;
    open = false;
    running.delete(app);
    beat.close();
    await room.close();
    store.close();
  };
  onTestFinished(close);
  const app: App = {
    settings,
    name,
    dir,
    room,
    shell,
    store,
    ledger,
    clock,
    tool,
    popup,
    catalogue,
    proposed,
    published,
    call: (wid, server, args, id) => {
      const call = { id: id ?? `call-${(calls += 1)}`, wid, thread: "thread-1", server, tool: "write_file", args };
      proposed.set(call.id, call);
      return call;
    },
    card: (wid, want = (card) => card.state === "pending") =>
      until(() => room.cards(wid).find(want), `a card for ${name}`),
    decide: async (wid, request, vote, note = "") => {
      shell.confirm(wid, request, vote);
      await room.handlers["card.decide"]({ wid, request, vote, note }, { window: "popup" });
      // The server's answer and its entry come over two sockets.
      await until(() => room.status(wid).link !== "in-sync" || showsVote(room, wid, request), `${name}'s own vote`);
    },
    sees: (wid, request) =>
      until(() => room.cards(wid).find((card) => card.request === request), `the request at ${name}'s`),
    permitted: async (call) => void (await until(() => room.authority.permit(call).ok, `a permit for ${name}`)),
    inSync: async (wid) => void (await until(() => room.status(wid).link === "in-sync", `${name} in sync`)),
    close,
  };
  running.add(app);
  return app;
};

const showsVote = (room: App["room"], wid: string, request: string): boolean => {
  const { me } = room.team(wid);
  const card = room.cards(wid).find((each) => each.request === request);
  return (
    card === undefined || card.state !== "pending" || card.votes.some(({ member, by }) => (by?.member ?? member) === me)
  );
};

export const main = { window: "main" } as const;
/** Changes of the policy as one act, on what this app knows of it. */
export const changePolicy = (app: Pick<App, "room">, wid: string, ...changes: PolicyChange[]) =>
  app.room.handlers["policy.change"]({ wid, changes, base: app.room.policy(wid).base }, main);
export const SERVER = "serverserverserverserv";

export interface Team {
  readonly server: ServerProcess;
  readonly wid: string;
  readonly ada: App;
  readonly ben: App;
}
/** Ada founds a workspace with one server that asks for `write_file`; Ben joins as a Member. */
export const startTeam = async (): Promise<Team> => {
  const server = await startServerProcess();
  return { server, ...(await teamAt(server)) };
};
/** `his` is the address by which Ben reaches the same server. */
export const teamAt = async (
  server: { readonly url: string },
  his = server,
  ticks: { readonly tickMs?: number } = {},
): Promise<Omit<Team, "server">> => {
  const ada = await openApp("Ada");
  const { wid } = await ada.room.handlers["workspace.create"](
    { name: "Harbour", server: { kind: "url", url: server.url }, unnamed: "ask" },
    main,
  );
  const tools = [
    {
      name: "write_file",
      title: null,
      description: "",
      inputSchema: {},
      readOnly: false,
      destructive: true,
      schema: "s".repeat(43),
      definition: "{}",
    },
  ];
  await ada.room.workspaces.defineServer(
    wid,
    { id: SERVER, name: "files", launch: { kind: "stdio", command: "node", args: [], env: [], vars: [] } },
    tools,
    { write_file: { kind: "ask", queue: "approvers" } },
  );
  const ben = await openApp("Ben", ticks);
  await joinWith(ada, ben, wid, "member", his.url);
  return { wid, ada, ben };
};

/** Ada alone, in a workspace in which whoever runs a call that no rule names confirms it. */
export const startAlone = async (): Promise<{
  readonly server: ServerProcess;
  readonly wid: string;
  readonly ada: App;
}> => {
  const server = await startServerProcess();
  const ada = await openApp("Ada");
  const { wid, problem } = await ada.room.handlers["workspace.create"](
    { name: "Harbour", server: { kind: "url", url: server.url }, unnamed: "confirm" },
    main,
  );
  if (problem !== null) throw new Error(wordsOf(problem));
  const tools = [
    {
      name: "write_file",
      title: null,
      description: "",
      inputSchema: {},
      readOnly: false,
      destructive: true,
      schema: "s".repeat(43),
      definition: "{}",
    },
  ];
  await ada.room.workspaces.defineServer(
    wid,
    { id: SERVER, name: "files", launch: { kind: "stdio", command: "node", args: [], env: [], vars: [] } },
    tools,
    {},
  );
  await until(() => ada.catalogue.get(wid) === 1, "the server in the catalogue");
  return { server, wid, ada };
};

const linkTo = (link: string, server: string): string => {
  const read = readLink(nodeCrypto, link);
  if (!read.ok) throw new Error(read.problem);
  return `${server}/join#${writeCode(nodeCrypto, { ...read.code, server })}`;
};
export const joinWith = async (host: App, guest: App, wid: string, role = "member", via?: string): Promise<void> => {
  const invite = await host.room.handlers["invite.create"](
    { wid, role, label: "", expiresInMs: 3_600_000, uses: 1 },
    main,
  );
  await guest.room.handlers["invite.join"](
    { link: via === undefined ? (invite.link ?? "") : linkTo(invite.link ?? "", via) },
    main,
  );
  await guest.inSync(wid);
  const member = guest.room.team(wid).me;
  await until(() => host.room.team(wid).members.some((item) => item.id === member), "the new member at the host");
  const present = host.room.team(wid).members.find((item) => item.id === member)?.role;
  if (present !== role) await host.room.handlers["member.setRole"]({ wid, member, role }, main);
  // Each app learns it in its own time, and what is asked before is sealed without the newcomer.
  for (const app of running)
    if (isConnected(app, wid))
      await until(
        () => !isConnected(app, wid) || roleAt(app, wid, member) === role,
        `${guest.name} as ${role} at ${app.name}'s`,
      );
  if (present !== role) await forgetArrival([...running], guest, { wid, request: member });
};
/** What an app told of somebody who came is not what a test counts that only takes them as given. */
const forgetArrival = async (
  apps: readonly App[],
  guest: App,
  { wid, request }: { readonly wid: string; readonly request: string },
): Promise<void> => {
  const isAnswer = ({ title, card }: Drawn): boolean => card === null && title.includes(" gave you the role ");
  await until(
    () => guest.shell.notified.some(isAnswer) || !isConnected(guest, wid),
    `the answer told at ${guest.name}'s`,
  );
  for (const { shell } of apps) {
    const [told, shown] = [
      shell.notified.filter((each) => each.card?.request !== request && !isAnswer(each)),
      shell.popups.filter((each) => each.request !== request),
    ];
    shell.notified.splice(0, shell.notified.length, ...told);
    shell.popups.splice(0, shell.popups.length, ...shown);
  }
};
const roleAt = (app: App, wid: string, member: string) =>
  app.room.team(wid).members.find((item) => item.id === member)?.role;
const isConnected = (app: App, wid: string): boolean =>
  app.room.summaries().some((workspace) => workspace.wid === wid) && app.room.status(wid).link === "in-sync";
