/** Tool servers and their tools: what the team has, and what runs on this computer. */
import { z } from "zod";
import type { DeepReadonly } from "#core/rules/read.ts";
import { Verdict } from "./answer.ts";
import { Effect, QueueView } from "./policy.ts";
import { wid, id, name, done } from "./fields.ts";
import { method, topic } from "./method.ts";
import { Told } from "./told.ts";

export const EnvVar = z.strictObject({ name: z.string().min(1).max(128), secret: z.boolean() });

const EnvVars = z.array(EnvVar).max(64);

/** Arguments, address and values of headers are templates: `${NAME}` stands for a value of this computer. */
export const Launch = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("stdio"),
    command: z.string().min(1).max(1_024),
    args: z.array(z.string().max(4_096)).max(64),
    env: EnvVars,
    vars: EnvVars,
  }),
  z.strictObject({
    kind: z.literal("http"),
    url: z.string().max(2_048),
    headers: z.array(z.strictObject({ name: z.string().min(1).max(128), value: z.string().max(4_096) })).max(32),
    vars: EnvVars,
  }),
]);
export type Launch = DeepReadonly<z.infer<typeof Launch>>;

export const ToolView = z.strictObject({
  name: z.string(),
  title: z.string().nullable(),
  description: z.string(),
  inputSchema: z.record(z.string(), z.unknown()),
  readOnly: z.boolean(),
  destructive: z.boolean(),
  effect: Effect,
  /** The rule that gives this effect. */
  rule: Told,
  /** Set where the tool is not what the team accepted: it asks until somebody accepts it, as it is `now`. */
  change: z
    .strictObject({
      kind: z.enum(["changed", "new", "unsteady"]),
      schema: z.string(),
      /** Null where this computer never saw what was accepted. */
      before: z.strictObject({ text: z.string(), by: z.string(), at: z.number() }).nullable(),
      now: z.string(),
    })
    .nullable(),
  /** Definitions that the team accepted; `running` is the one that this computer has. */
  accepted: z.array(z.strictObject({ schema: z.string(), by: z.string(), at: z.number(), running: z.boolean() })),
  /** What is set for the tool itself; null where nothing is. */
  own: Effect.nullable(),
  /** The rule that gives another effect than `own`. */
  overruledBy: Told.nullable(),
});
export type ToolView = DeepReadonly<z.infer<typeof ToolView>>;

export const ServerView = z.strictObject({
  id: z.string(),
  name: z.string(),
  launch: Launch,
  addedBy: z.string(),
  state: z.enum(["stopped", "needs-review", "starting", "ready", "restarting", "failed", "unsupported"]),
  error: Told.nullable(),
  /** Set while `needs-review`: what would start, against what this person accepted before. */
  review: z.strictObject({ before: Launch.nullable(), after: Launch }).nullable(),
  /** Values set on this computer only: names of environment variables that have one. */
  filled: z.array(z.string()),
  tools: z.array(ToolView),
  restarts: z.number(),
});
export type ServerView = DeepReadonly<z.infer<typeof ServerView>>;

export const ToolsView = z.strictObject({
  wid: z.string(),
  servers: z.array(ServerView),
  queues: z.array(QueueView),
  mayEdit: Verdict,
  mayAccept: Verdict,
});
export type ToolsView = DeepReadonly<z.infer<typeof ToolsView>>;

export const toolMethods = {
  "server.parse": method({
    /** Usual `mcpServers` JSON, or one command line. Nothing is started. `kept` says from where values were taken out of the launch. */
    params: z.strictObject({ text: z.string().max(262_144) }),
    result: z.strictObject({
      servers: z.array(
        z.strictObject({
          name: z.string(),
          launch: Launch,
          values: z.record(z.string(), z.string()),
          kept: z.array(Told),
        }),
      ),
      ignored: z.array(Told),
    }),
    windows: ["main"],
    needs: { none: "reads" },
  }),
  "server.probe": method({
    /** Starts the command once on this computer and lists its tools. `values` fill environment variables and stay here. */
    params: z.strictObject({ wid, name, launch: Launch, values: z.record(z.string(), z.string().max(8_192)) }),
    /** `left`: each tool that cannot be taken. */
    result: z.strictObject({ tools: z.array(ToolView), left: z.array(Told) }),
    windows: ["main"],
    needs: ["tools.configure", "policy.edit"],
  }),
  "server.add": method({
    /** Refused with `launch-secret` where something looks like a secret that the team and the server would keep; `shares` says that it is none. */
    params: z.strictObject({
      wid,
      name,
      launch: Launch,
      values: z.record(z.string(), z.string().max(8_192)),
      effects: z.record(z.string(), Effect),
      shares: z.boolean().optional(),
    }),
    result: z.strictObject({ id }),
    windows: ["main"],
    needs: ["tools.configure", "policy.edit"],
  }),
  "server.remove": method({
    params: z.strictObject({ wid, server: id }),
    result: done,
    windows: ["main"],
    needs: ["tools.configure", "policy.edit"],
  }),
  /** `launch` is the one that was on the screen: where the team has changed it since, nothing is accepted. */
  "server.accept": method({
    params: z.strictObject({
      wid,
      server: id,
      values: z.record(z.string(), z.string().max(8_192)),
      launch: Launch.optional(),
    }),
    result: done,
    windows: ["main"],
    needs: { none: "here" },
  }),
  /** Accepts for the team what these tools say of themselves. `schema` is what was on the screen. */
  "tool.accept": method({
    params: z.strictObject({
      wid,
      server: id,
      tools: z
        .array(z.strictObject({ tool: z.string().min(1).max(200), schema: z.string().length(43) }))
        .min(1)
        .max(256),
    }),
    result: done,
    windows: ["main"],
    needs: "tools.configure",
  }),
  "tool.withdraw": method({
    params: z.strictObject({ wid, server: id, tool: z.string().min(1).max(200), schema: z.string().length(43) }),
    result: done,
    windows: ["main"],
    needs: "tools.configure",
  }),
  "server.restart": method({
    params: z.strictObject({ wid, server: id }),
    result: done,
    windows: ["main"],
    needs: { none: "here" },
  }),
  "server.log": method({
    params: z.strictObject({ wid, server: id }),
    result: z.strictObject({ lines: z.array(z.string()) }),
    windows: ["main"],
    needs: { none: "reads" },
  }),
};

export const toolTopics = {
  tools: topic({ of: "workspace", value: ToolsView, windows: ["main"], needs: { none: "reads" } }),
};
