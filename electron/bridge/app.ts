/** The app itself: its person, its settings, and what it can report of itself. */
import { z } from "zod";
import type { DeepReadonly } from "#core/rules/read.ts";
import { name, none, done } from "./fields.ts";
import { method, topic } from "./method.ts";

export const Theme = z.enum(["system", "light", "dark"]);

/** What approvers read beside the arguments of a call: a choice of whoever asks. */
export const Enclose = z.enum(["nothing", "message", "message-and-file"]);
export type Enclose = DeepReadonly<z.infer<typeof Enclose>>;

export const Settings = z.strictObject({
  theme: Theme,
  notifications: z.boolean(),
  enclose: Enclose,
  /** How long a vote waits before it is signed, so that it can be taken back. */
  takeBackSeconds: z.union([z.literal(0), z.literal(5)]),
});
export type Settings = DeepReadonly<z.infer<typeof Settings>>;

export const WorkspaceSummary = z.strictObject({
  wid: z.string(),
  name: z.string(),
  server: z.string(),
  /** Cards this person can decide now. */
  waiting: z.number(),
  role: z.string().nullable(),
});
export type WorkspaceSummary = DeepReadonly<z.infer<typeof WorkspaceSummary>>;

export const AppView = z.strictObject({
  version: z.string(),
  shell: z.strictObject({ kind: z.enum(["electron", "browser"]), detail: z.string() }),
  person: z.strictObject({ name: z.string() }).nullable(),
  keys: z.strictObject({ storage: z.enum(["keychain", "file"]), detail: z.string(), device: z.string() }).nullable(),
  workspaces: z.array(WorkspaceSummary),
  settings: Settings,
  /** Workspaces of this computer that could not be read: they stay in the file and are not among `workspaces`. */
  unread: z.int().min(0),
  /** A join link that reached the app from outside and waits for the confirm screen. */
  pendingLink: z.string().nullable(),
});
export type AppView = DeepReadonly<z.infer<typeof AppView>>;

/** For a report of a problem: where the log stands, its last lines as they are there, and figures of this computer. */
export const ReportView = z.strictObject({
  place: z.string(),
  lines: z.array(z.string()),
  about: z.strictObject({ version: z.string(), shell: z.string(), node: z.string(), system: z.string() }),
});
export type ReportView = DeepReadonly<z.infer<typeof ReportView>>;

export const appMethods = {
  /** An error that nobody expected, in a window: its kind and its frames, never its message. */
  "fault.report": method({
    params: z.strictObject({
      event: z.enum(["error", "rejection"]),
      name: z.string().max(61),
      stack: z.array(z.string().max(200)).max(12),
    }),
    result: done,
    windows: ["main", "popup"],
    needs: { none: "here" },
  }),
  /** This computer's log, newest entry last, and what it ran on. Nothing is sent anywhere. */
  "report.get": method({ params: none, result: ReportView, windows: ["main"], needs: { none: "reads" } }),
  /** Also in every workspace: `told` took it, `waiting` will when their server is reached. */
  "profile.set": method({
    params: z.strictObject({ name }),
    result: z.strictObject({ told: z.number(), waiting: z.number() }),
    windows: ["main"],
    needs: { none: "self" },
  }),
  "settings.set": method({ params: Settings.partial(), result: done, windows: ["main"], needs: { none: "here" } }),
  /** Puts away the link from outside that waits for the confirm screen. */
  "link.take": method({ params: none, result: done, windows: ["main"], needs: { none: "here" } }),
};

export const appTopics = {
  app: topic({ of: "app", value: AppView, windows: ["main", "popup"], needs: { none: "reads" } }),
};
