/** Puts the rooms together. They meet here and in `workspace-rooms.ts` beside it, and nowhere else. */
import { randomBytes } from "node:crypto";
import type { AppView } from "#bridge/app.ts";
import type { StatusView } from "#bridge/workspace.ts";
import { DeviceKeys } from "#bridge/shell-port.ts";
import { deviceIdOf } from "#core/protocol/crypto.ts";
import { nodeTimers } from "#node/timers.ts";
import { createEnclose } from "./agent/enclose.ts";
import { createEngine } from "./agent/engine.ts";
import { createJournal } from "./agent/journal.ts";
import { createThreads } from "./agent/threads.ts";
import { unexpectedIn, type Log } from "./log.ts";
import type { LocalEndpoints } from "./models/endpoints.ts";
import { createModels } from "./models/models.ts";
import type { Beat } from "./beat.ts";
import { allFilled, late } from "./late.ts";
import { createSyncRoom } from "./workspace-rooms.ts";
import { createApp } from "./app/app.ts";
import { createToolHandlers } from "./tools/tool-handlers.ts";
import { createRpc, type Rpc } from "./rpc/serve.ts";
import { createTopics } from "./rpc/topics.ts";
import type { Clock } from "#client/ports/clock.ts";
import type { Handlers, ProposedCall, Shell, Workspaces } from "./seams.ts";
import { createLedger } from "./store/ledger.ts";
import { createMessageStore } from "./store/messages.ts";
import { createModelStore } from "./store/models.ts";
import type { Store } from "./store/open.ts";
import { createRunStore, type RunStore } from "./store/runs.ts";
import { createSearch } from "./store/search.ts";
import { createSettingsStore } from "./store/settings.ts";
import { createThreadStore } from "./store/threads.ts";
import { createDefinitionStore } from "./store/definitions.ts";
import { createToolServerStore } from "./store/tool-servers.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { createPresentText } from "./tools/present-text.ts";
import { mayHaveRun } from "./tools/run-call.ts";
import { createTools, type ToolRoom } from "./tools/tools.ts";
import { VERSION } from "#bridge/version.ts";

export interface HostParts {
  readonly store: Store;
  /** The data folder. */
  readonly dir: string;
  readonly shell: Shell;
  readonly about: AppView["shell"];
  readonly clock: Clock;
  readonly log: Log;
  readonly local: LocalEndpoints;
  readonly beat: Beat;
}
export interface Host {
  readonly rpc: Rpc;
  /** A join link from outside, untrusted: it is only shown, the confirm screen decides. */
  link(url: string): void;
  close(): Promise<void>;
}

const newId = (): string => randomBytes(16).toString("base64url");

/** Resolves when every room is open and unfinished runs go on. */
export const openHost = async ({ store, dir, shell, about, clock, log, local, beat }: HostParts): Promise<Host> => {
  const topics = createTopics((kind, error) => {
    if (unexpectedIn(error) !== undefined) log.fault("topic.fault", unexpectedIn(error), { what: kind });
  });
  // A call needs its workspace and a workspace its tools; threads and windows are made last, and told of first.
  const toWorkspaces = late<Workspaces>("the workspaces");
  const toThreads = late<ReturnType<typeof createThreads>>("the threads");
  const toWindows = late<Rpc>("the windows");
  store.unreadable.onNew((table) => log.note("row.unreadable", { what: table }));
  const settings = createSettingsStore(store);
  const threadRows = createThreadStore(store);
  const runs = createRunStore(store);
  const messages = createMessageStore(store, runs);
  const ledger = createLedger(store);
  const keys = DeviceKeys.parse(await shell.request("keys.get", {}));

  const models = createModels({ rows: createModelStore(store), shell, clock, log, publish: topics, newId, local });
  const toolRows = createToolServerStore(store);
  const tools = createTools({
    store: toolRows,
    definitions: createDefinitionStore(store),
    shell,
    clock,
    workspaces: toWorkspaces,
    publisher: topics,
    log: (event, fields) => log.note(event, wordsOf(fields)),
  });
  const presentText = presentTextOf(tools);
  const enclose = createEnclose({ runs, messages, settings, presentText });
  const sync = createSyncRoom({
    enclose,
    presentText,
    proposed: (call) => proposedOf(runs, call),
    store,
    ledger,
    settings,
    shell,
    clock,
    log,
    publisher: topics,
    tools,
    beat,
    modelName: models.defaultName,
    popupOpen: () =>
      toWindows()
        .windows()
        .some(({ kind }) => kind === "popup"),
    forgetThreads: (wid) => toThreads().forget(wid),
    forgetTools: toolRows.forgetWorkspace,
  });

  toWorkspaces.leadTo(sync.workspaces);

  const emit = (event: Parameters<Rpc["emit"]>[0]): void => toWindows().emit(event);
  const journal = createJournal({
    store,
    runs,
    messages,
    publish: topics,
    emit,
    now: clock.now,
    soon: nodeTimers.soon,
  });
  const settled = settledOf(tools);
  const engine = createEngine({
    store,
    threads: threadRows,
    messages,
    runs,
    ledger,
    journal,
    authority: sync.authority,
    tools,
    models,
    mayHaveRun,
    settled,
    clock,
    log,
    newId,
    emit,
  });
  const threads = createThreads({
    store,
    threads: threadRows,
    messages,
    runs,
    search: createSearch(store),
    engine,
    tools,
    workspaces: sync.workspaces,
    models,
    clock,
    newId,
    publish: topics,
    emit,
    settled,
    presentText,
  });

  toThreads.leadTo(threads);

  const app = createApp({ dir, shell: about, log, settings, publisher: topics, rename: sync.rename });
  const handlers: Handlers = {
    ...app.handlers,
    ...threads.handlers,
    ...models.handlers,
    ...sync.handlers,
    ...createToolHandlers({ control: tools.control }),
  };

  const device = deviceIdOf(nodeCrypto, keys.x);
  topics.provide("app", (): AppView => ({
    version: VERSION,
    shell: about,
    person: settings.person(),
    keys: { storage: keys.storage, detail: keys.detail, device },
    workspaces: sync.summaries(),
    settings: settings.get(),
    unread: sync.unread(),
    pendingLink: app.pendingLink(),
  }));
  topics.provide("models", () => models.view());
  topics.provideList("threads", { all: threads.list, one: threads.one });
  topics.provide("thread", (thread) => threads.view(thread));
  topics.provide("tools", (wid) => ({
    wid,
    servers: tools.views(wid),
    queues: sync.queues(wid),
    mayEdit: sync.workspaces.mayEditTools(wid),
    mayAccept: sync.workspaces.mayAcceptTools(wid),
  }));
  topics.provide("policy", (wid) => sync.policy(wid));
  topics.provide("status", (wid): StatusView => sync.status(wid));
  topics.provide("team", (wid) => sync.team(wid));
  topics.provide("arrivals", (wid) => sync.arrivals(wid));
  topics.provide("invites", (wid) => sync.invites(wid));
  topics.provide("pairing", () => sync.pairing());
  topics.provideList("cards", { all: sync.cards, one: sync.card });
  topics.provide("audit", (wid) => sync.audit(wid));
  const rpc = createRpc({
    handlers,
    topics,
    rights: { may: sync.workspaces.may, workspaceOf: threads.workspaceOf },
    log,
  });

  toWindows.leadTo(rpc);
  allFilled(toWorkspaces, toThreads, toWindows);

  // What a thread's next request would hold changes with the tools.
  const unsubscribe = tools.onChange((wid) => {
    topics.publish("thread");
    // Whether a rule fits any call depends on what the tools take.
    topics.publish("policy", wid);
  });
  await sync.open();
  engine.start();
  void models.detect();

  return {
    rpc,
    link: app.link,
    close: async () => {
      unsubscribe();
      engine.close();
      topics.close();
      await Promise.allSettled([sync.close(), tools.close()]);
    },
  };
};

/** A call as it would be executed now. */
const proposedOf = (runs: RunStore, id: string): ProposedCall | null => {
  const call = runs.call(id);
  const place = call === null ? null : runs.threadOf(call.run);
  return call === null || place === null
    ? null
    : { id, wid: place.wid, thread: place.thread, server: call.server, tool: call.tool, args: call.args };
};

const presentTextOf = (tools: ToolRoom) =>
  createPresentText({
    launch: (wid, server) => tools.views(wid).find(({ id }) => id === server)?.launch ?? null,
    readOnly: (wid, server, tool) => tools.find(wid, server, tool)?.def.readOnly === true,
  });

const settledOf =
  (tools: ToolRoom) =>
  async (wid: string, server: string | null): Promise<void> => {
    const servers = server === null ? tools.views(wid).map((each) => each.id) : [server];
    await Promise.all(servers.map((each) => tools.settled(wid, each)));
  };

const wordsOf = (fields: Readonly<Record<string, string | number>>): { what?: string; code?: string } => {
  const text = (name: string): string => String(fields[name] ?? "");
  return {
    ...(text("state") === "" ? {} : { what: text("state") }),
    ...(text("code") === "" ? {} : { code: text("code") }),
  };
};
