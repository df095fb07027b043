/**
 * People, their apps, the sync server and the network between them: all real processes on this computer. Every app
 * reaches the server through a proxy of its own, so that one person's network can be cut, stalled and read.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as path } from "node:path";
import { startApp } from "../../scripts/apps/app.ts";
import type { App } from "../../scripts/apps/app.ts";
import { startProxy } from "../../scripts/apps/proxy.ts";
import type { Proxy } from "../../scripts/apps/proxy.ts";
import type { RpcClient } from "../../scripts/apps/rpc-client.ts";
import { startSyncServer } from "../../scripts/apps/sync-server.ts";
import type { SyncServer } from "../../scripts/apps/sync-server.ts";
import { acceptServer, addFilesystem, found, invite, join } from "../../scripts/apps/team.ts";
import { freePort } from "../../electron/shell/free-port.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { readLink, writeCode } from "#core/protocol/link.ts";

export interface Person {
  readonly name: string;
  readonly app: App;
  readonly net: Proxy;
  /** A window without a page, opened on first use; `window()` opens another after a restart. */
  readonly rpc: RpcClient;
  window(): Promise<RpcClient>;
}

export interface World {
  readonly dir: string;
  readonly server: SyncServer;
  /** Folder that the filesystem MCP server works on. */
  readonly folder: string;
  /** Starts somebody's app on a clean data folder. */
  person(name: string, options?: PersonOptions): Promise<Person>;
  /** Everything the parts printed, by part. */
  logs(): Record<string, string>;
  /** Files under a data folder, each with its bytes. */
  files(dir: string): { path: string; bytes: Buffer }[];
  close(): Promise<void>;
}

export interface PersonOptions {
  readonly env?: Record<string, string>;
  /** The operating system starts the app with this link. */
  readonly link?: string;
}

const PEOPLE_MAX = 4;

export const openWorld = async (): Promise<World> => {
  const dir = mkdtempSync(path(tmpdir(), "bulkhead-e2e-"));
  const folder = path(dir, "shared-folder");
  mkdirSync(folder);
  const people: { name: string; app: App; window: RpcClient }[] = [];
  const { server, proxies } = await startNetwork(path(dir, "server"));

  const unused = [...proxies];

  const person = async (name: string, options: PersonOptions = {}): Promise<Person> => {
    const net = unused.shift();
    if (net === undefined) throw new Error(`This world has room for ${PEOPLE_MAX} people.`);
    const app = await startApp({ dataDir: path(dir, name.toLowerCase()), ...options });
    const entry = { name, app, window: await app.client() };
    people.push(entry);
    const window = async () => {
      entry.window.close();
      entry.window = await app.client();
      return entry.window;
    };
    return {
      name,
      app,
      net,
      window,
      get rpc() {
        return entry.window;
      },
    };
  };

  const close = async () => {
    for (const { window } of people) window.close();
    await Promise.all(people.map(({ app }) => app.stop()));
    await server.down();
    await Promise.all(proxies.map((proxy) => proxy.close()));
    rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  const logs = () =>
    Object.fromEntries([["server", server.output()], ...people.map(({ name, app }) => [name, app.output()] as const)]);
  return { dir, server, folder, person, logs, files: filesUnder, close };
};

/** The server must know the names under which it is reached before it starts, and the proxies its port. */
const startNetwork = async (dataDir: string) => {
  const port = await freePort();
  const proxies = await Promise.all(Array.from({ length: PEOPLE_MAX }, () => startProxy(port)));
  const args = proxies.flatMap((proxy) => ["--origin", proxy.url]);
  return { server: await startSyncServer({ dataDir, port, args }), proxies };
};

const filesUnder = (dir: string): { path: string; bytes: Buffer }[] =>
  readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => bytesOf(path(entry.parentPath, entry.name)));

/** Nothing for a file that a running app put away while the folder was read. */
const bytesOf = (file: string): { path: string; bytes: Buffer }[] => {
  try {
    return [{ path: file, bytes: readFileSync(file) }];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
};

/** The same invite, with the server under the name by which this person's network reaches it. */
export const linkVia = (link: string, proxy: Proxy): string => {
  const read = readLink(nodeCrypto, link);
  if (!read.ok) throw new Error(`The link cannot be read: ${read.problem}`);
  return `${proxy.url}/join#${writeCode(nodeCrypto, { ...read.code, server: proxy.url })}`;
};

export interface Team {
  readonly ada: Person;
  readonly ben: Person;
  readonly wid: string;
  /** Id of the filesystem MCP server: reading allowed, writing asks. */
  readonly tool: string;
}

/** Ada owns a workspace with the filesystem tool; Ben is a member and has accepted the tool. */
export const openTeam = async (world: World, workspace = "Harbour"): Promise<Team> => {
  const [ada, ben] = await Promise.all([world.person("Ada"), world.person("Ben")]);
  const wid = await found(ada.rpc, "Ada", workspace, ada.net.url);
  const tool = await addFilesystem(ada.rpc, wid, world.folder);
  await bring(ada, ben, wid);
  await acceptServer(ben.rpc, wid, tool);
  return { ada, ben, wid, tool };
};

/** Invites and joins over the second person's own network. */
export const bring = async (inviter: Person, person: Person, wid: string, role = "member"): Promise<void> => {
  const { link } = await invite(inviter.rpc, wid, { role });
  await join(person.rpc, person.name, linkVia(link, person.net));
  await inviter.rpc.when("team", wid, (view) => view.members.some((member) => member.name === person.name));
};

/** Until all of them know that the person of this name has the role: what is asked before is sealed and judged without it. */
export const known = async (people: readonly Person[], wid: string, name: string, role: string): Promise<void> => {
  await Promise.all(
    people.map(({ rpc }) =>
      rpc.when("team", wid, (view) => view.members.some((member) => member.name === name && member.role === role)),
    ),
  );
};

/** Brings somebody in and gives them the role where an Admin has to confirm it; then everybody who is there knows. */
export const bringAs = async (
  inviter: Person,
  person: Person,
  wid: string,
  role: string,
  others: readonly Person[] = [],
): Promise<void> => {
  await bring(inviter, person, wid, role);
  const team = await inviter.rpc.when("team", wid, () => true);
  const there = team.members.find((member) => member.name === person.name);
  if (there !== undefined && there.role !== role)
    await inviter.rpc.call("member.setRole", { wid, member: there.id, role });
  await known([inviter, person, ...others], wid, person.name, role);
};
