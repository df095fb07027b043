/** What a person may do with servers: try, add, remove, accept, restart, read the log. Changes for the team are signed by `Workspaces`. */
import type { Told } from "#bridge/told.ts";
import { refusalOf, refused } from "#bridge/refused.ts";
import { randomBytes } from "node:crypto";
import type { Effect } from "#bridge/policy.ts";
import type { Launch, ToolView } from "#bridge/tool.ts";
import type { ToolServerStore } from "../store/tool-servers.ts";
import { type Clock } from "#client/ports/clock.ts";
import { type Shell, type ToolDef, type Workspaces } from "../seams.ts";
import { launchProblem } from "./launch-check.ts";
import { suggested, toolView, type Probe } from "./probe.ts";
import { launchHash } from "./schema-hash.ts";
import { checkValues, sameReceiver, sealValues } from "./secrets.ts";
import { secretPlaces, stopSecrets, valuesIn } from "./secret-stop.ts";
import type { Servers } from "./servers.ts";

export interface ServerControl {
  /** Starts the launch once and answers its tools with suggested effects. Its output is in `log(wid, "probe")`. */
  probe(wid: string, launch: Launch, values: Readonly<Record<string, string>>): Promise<ToolView[]>;
  /** Adds the server to the team's catalogue; this computer accepts exactly this launch. Answers its id. `shares`: what looks like a secret is none. */
  add(
    wid: string,
    name: string,
    launch: Launch,
    values: Readonly<Record<string, string>>,
    effects: Readonly<Record<string, Effect>>,
    shares?: boolean,
  ): Promise<string>;
  remove(wid: string, server: string): Promise<void>;
  /**
   * Values that are not given stay, unless the launch was changed to another program or address.
   * @param seen the launch that was on the screen; refused with `tool-server-changed` where another stands now
   */
  accept(wid: string, server: string, values: Readonly<Record<string, string>>, seen?: Launch): Promise<void>;
  /** Accepts for the team what these tools say of themselves now; refused with `tool-said-otherwise` where one says something else than was on the screen. */
  acceptTools(
    wid: string,
    server: string,
    seen: readonly { readonly tool: string; readonly schema: string }[],
  ): Promise<void>;
  withdrawTool(wid: string, server: string, tool: string, schema: string): Promise<void>;
  restart(wid: string, server: string): Promise<void>;
  /** Each tool that the last try left out. */
  left(wid: string): readonly Told[];
  /** The last lines that a server wrote; `"probe"` is the last tried one. */
  log(wid: string, server: string): string[];
}

export interface ControlDeps {
  readonly store: ToolServerStore;
  readonly shell: Shell;
  readonly clock: Clock;
  readonly workspaces: () => Workspaces;
  readonly servers: Servers;
  readonly probe: Probe;
}

const effectsOf = (
  tools: readonly ToolDef[],
  chosen: Readonly<Record<string, Effect>>,
  unnamed: Effect,
): Record<string, Effect> => {
  const unknown = Object.keys(chosen).find((name) => !tools.some((tool) => tool.name === name));
  if (unknown !== undefined) throw refused("tool-unknown");
  return Object.fromEntries(
    tools.map((tool) => [tool.name, (Object.hasOwn(chosen, tool.name) ? chosen[tool.name] : undefined) ?? unnamed]),
  );
};

export const createServerControl = (deps: ControlDeps): ServerControl => {
  const { store, shell, clock, servers, probe } = deps;

  const add: ServerControl["add"] = async (wid, name, launch, values, effects, shares = false) => {
    const problem = launchProblem(launch);
    if (problem !== null) throw refusalOf(problem);
    checkValues(launch, values);
    if (!shares)
      stopSecrets([...secretPlaces(name, launch), ...valuesIn(JSON.stringify({ name, launch }), launch, values)]);
    const tools = await probe.toolsOf(wid, launch, values);
    if (!shares) stopSecrets(valuesIn(JSON.stringify(tools.map((tool) => tool.name)), launch, values));
    const chosen = effectsOf(tools, effects, deps.workspaces().unnamedEffect(wid));
    const id = randomBytes(16).toString("base64url");
    const sealed = await sealValues(shell, values);
    // Accepted before it is defined: the catalogue may show the new server before `defineServer` resolves.
    store.accept(wid, id, { launch, hash: launchHash(launch) }, sealed, clock.now());
    try {
      await deps.workspaces().defineServer(wid, { id, name, launch }, tools, chosen, shares);
    } catch (error) {
      if (!servers.has(wid, id)) store.forget(wid, id);
      throw error;
    }
    return id;
  };

  const accept: ServerControl["accept"] = async (wid, server, values, seen) => {
    const { launch, hash } = servers.acceptable(wid, server);
    if (seen !== undefined && launchHash(seen) !== hash) throw refused("tool-server-changed");
    checkValues(launch, values);
    const sealed = await sealValues(shell, values);
    if (servers.acceptable(wid, server).hash !== hash) throw refused("tool-server-changed");
    const before = store.accepted(wid, server);
    const old = before === null || sameReceiver(before.launch, launch) ? [] : [...store.values(wid, server).keys()];
    store.accept(
      wid,
      server,
      { launch, hash },
      { ...Object.fromEntries(old.map((name) => [name, null])), ...sealed },
      clock.now(),
    );
    await servers.apply(wid, server);
  };

  return {
    async probe(wid, launch, values) {
      deps.workspaces().name(wid);
      return (await probe.run(wid, launch, values)).map((tool) =>
        toolView(tool, suggested(deps.workspaces().unnamedEffect(wid))),
      );
    },
    add,
    async remove(wid, server) {
      await deps.workspaces().removeServer(wid, server);
      store.forget(wid, server);
    },
    accept,
    async acceptTools(wid, server, seen) {
      const running = servers.live(wid, server)?.tools ?? [];
      const tools = seen.map(({ tool, schema }) => running.find((def) => def.name === tool && def.schema === schema));
      if (tools.some((def) => def === undefined)) throw refused("tool-said-otherwise");
      await deps.workspaces().acceptTools(wid, server, tools as ToolDef[]);
    },
    withdrawTool: (wid, server, tool, schema) => deps.workspaces().withdrawTool(wid, server, tool, schema),
    restart: (wid, server) => servers.restart(wid, server),
    left: probe.left,
    log: (wid, server) => (server === "probe" ? probe.log(wid) : servers.log(wid, server)),
  };
};
