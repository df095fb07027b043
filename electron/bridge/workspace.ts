/** A workspace as this computer holds it: its connection, its server, its history and what can be held against them. */
import { z } from "zod";
import type { DeepReadonly } from "#core/rules/read.ts";
import { Verdict } from "./answer.ts";
import { Told } from "./told.ts";
import { wid, name, done } from "./fields.ts";
import { method, topic } from "./method.ts";

/** The status line: which promise holds right now. */
export const StatusView = z.strictObject({
  wid: z.string(),
  link: z.enum(["in-sync", "connecting", "offline", "refused", "out", "tampered", "withheld", "update-app"]),
  since: z.number(),
  reason: Told.nullable(),
  /** What stands after the reason. */
  also: z.array(Told),
  /** What the server was found to do, while it is held against it: opens the evidence. */
  lie: z.string().optional(),
  /** When this app went on by itself after such a thing, ms, since it was started: the evidence is kept. */
  wentOn: z.number().optional(),
  /** While the app is too old: until when tools run here, ms by this computer's clock (LV5). */
  toolsUntil: z.number().optional(),
  /** Commands signed here that the server has not yet acknowledged. */
  queued: z.number(),
  /** People other than me who may decide what I ask; whether they are there is not known. */
  mayApprove: z.number(),
  /** How far the server's clock is ahead of this computer's, ms; 0 where they agree or the server was not heard. */
  serverAhead: z.number(),
  /** Whether another computer of this person can be added now: that goes over the server. */
  canPair: Verdict,
  model: z.string().nullable(),
});
export type StatusView = DeepReadonly<z.infer<typeof StatusView>>;

export const CheckpointView = z.strictObject({
  last: z.strictObject({ at: z.number(), by: z.string() }).nullable(),
  /** Entries of the log after it. */
  since: z.number(),
  /** What this computer has verified of what lies behind the checkpoint that it began with, or null. */
  behind: z.strictObject({ have: z.number(), of: z.number() }).nullable(),
  sign: Verdict,
});
export type CheckpointView = DeepReadonly<z.infer<typeof CheckpointView>>;

/** The format that everybody in the workspace speaks. */
export const LevelView = z.strictObject({
  now: z.number().int(),
  /** What this app knows beyond it; null where it knows no more. */
  next: z.number().int().nullable(),
  mayRaise: z.boolean(),
});
export type LevelView = DeepReadonly<z.infer<typeof LevelView>>;

/** An address of this computer in a network. `kind`: whom it reaches, as far as an address says. */
export const NetworkAddress = z.strictObject({
  host: z.string().max(64),
  name: z.string().max(64),
  kind: z.enum(["local", "public", "shared"]),
});
export type NetworkAddress = DeepReadonly<z.infer<typeof NetworkAddress>>;

/** From where a workspace's server can be reached, as its address says. */
export const ReachView = z.strictObject({
  server: z.string(),
  /** Reached at an address of this computer alone. */
  here: z.boolean(),
  /** The server inside this app, for whom it listens; null where it runs elsewhere. */
  embedded: z.enum(["computer", "network"]).nullable(),
  addresses: z.array(NetworkAddress),
  /** Why there are none, where they were asked for. */
  problem: Told.nullable(),
});
export type ReachView = DeepReadonly<z.infer<typeof ReachView>>;

const level = z.number().int().min(1).max(1_000_000);

export const workspaceMethods = {
  "workspace.create": method({
    params: z.strictObject({
      name,
      server: z.discriminatedUnion("kind", [
        /** Start the embedded sync server; `network` also listens on this computer's network addresses. */
        z.strictObject({ kind: z.literal("embedded"), reach: z.enum(["computer", "network"]) }),
        z.strictObject({ kind: z.literal("url"), url: z.string().max(2_048) }),
      ]),
      /** What calls get that no rule names: others approve them, or whoever runs them confirms. */
      unnamed: z.enum(["ask", "confirm"]).default("ask"),
    }),
    /** `problem`: the workspace is there, and asks, since that choice could not be signed. */
    result: z.strictObject({ wid, problem: Told.nullable() }),
    windows: ["main"],
    needs: { none: "self" },
  }),
  /** Forgets the workspace on this computer with its threads; membership on the server stays. */
  "workspace.forget": method({
    params: z.strictObject({ wid }),
    result: done,
    windows: ["main"],
    needs: { none: "here" },
  }),
  /** Signs the state of the log, so that a new device can begin there. */
  "workspace.checkpoint": method({
    params: z.strictObject({ wid }),
    result: done,
    windows: ["main"],
    needs: { in: "handler", because: "an Owner signs it, whatever the role may" },
  }),
  /** Raises the format by the step that was on the screen. */
  "workspace.raise": method({
    params: z.strictObject({ wid, from: level, to: level }),
    result: done,
    windows: ["main"],
    needs: { in: "handler", because: "an Owner raises it, whatever the role may" },
  }),
  "workspace.reconnect": method({
    params: z.strictObject({ wid }),
    result: done,
    windows: ["main"],
    needs: { none: "here" },
  }),
  /** From where the workspace's server can be reached, and this computer's addresses where it runs inside this app. */
  "workspace.reach": method({
    params: z.strictObject({ wid }),
    result: ReachView,
    windows: ["main"],
    needs: { none: "reads" },
  }),
  /** Lets other computers reach the server inside this app, at this address of this computer. */
  "workspace.letReach": method({
    params: z.strictObject({ wid, host: z.string().max(64) }),
    result: z.strictObject({ server: z.string() }),
    windows: ["main"],
    needs: { none: "here" },
  }),
  /** Work offline on purpose, as if the plug were pulled. */
  "workspace.pause": method({
    params: z.strictObject({ wid, paused: z.boolean() }),
    result: done,
    windows: ["main"],
    needs: { none: "here" },
  }),
};

export const workspaceTopics = {
  status: topic({ of: "workspace", value: StatusView, windows: ["main", "popup"], needs: { none: "reads" } }),
};
