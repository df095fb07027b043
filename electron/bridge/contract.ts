/**
 * The one RPC between a window and the agent host: every method with its parameters and its result, and every
 * topic a window can watch. Both ends parse: the host refuses unknown methods and keys, the window refuses an
 * answer of another shape. Nothing here carries authority: the host decides, whatever a window sends.
 */
import { z } from "zod";
import { nameProblem } from "./plain-text.ts";
import * as audit from "./audit-views.ts";
import * as join from "./join-views.ts";
import { ARGS_MAX, DRAFT_MAX, MESSAGE_MAX, NOTE_MAX, PRACTICE_ARGS_MAX } from "./limits.ts";
import * as pair from "./pair-views.ts";
import * as policy from "./policy-views.ts";
import * as thread from "./thread-views.ts";
import * as v from "./views.ts";

const wid = z.string().length(22);
const id = z.string().min(1).max(64);
/** What people give a name to is named in a way that can be read: the problem is a sentence for them. */
const name = z
  .string()
  .trim()
  .superRefine((text, context) => {
    const problem = nameProblem(text);
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  });
const none = z.strictObject({});
const done = z.strictObject({});

/** What the popup window may call besides `watch`. All else is refused there. */
export const POPUP_METHODS = [
  "card.get",
  "card.decide",
  "card.reason",
  "member.givePromised",
  "member.refusePromised",
  "pair.answer",
  "fault.report",
  "watch",
  "unwatch",
] as const;

export const methods = {
  // watching: the host answers with the present value and sends `topic` events from then on
  watch: { params: z.strictObject({ topic: z.string().max(200) }), result: z.unknown() },
  unwatch: { params: z.strictObject({ topic: z.string().max(200) }), result: done },

  /** An error that nobody expected, in a window: its kind and its frames, never its message. */
  "fault.report": {
    params: z.strictObject({
      event: z.enum(["error", "rejection"]),
      name: z.string().max(61),
      stack: z.array(z.string().max(200)).max(12),
    }),
    result: done,
  },
  /** This computer's log, newest entry last, and what it ran on. Nothing is sent anywhere. */
  "report.get": { params: none, result: v.ReportView },

  /** Also in every workspace: `told` took it, `waiting` will when their server is reached. */
  "profile.set": {
    params: z.strictObject({ name }),
    result: z.strictObject({ told: z.number(), waiting: z.number() }),
  },
  "settings.set": { params: v.Settings.partial(), result: done },

  "workspace.create": {
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
    result: z.strictObject({ wid, problem: v.Code.nullable() }),
  },
  /** Forgets the workspace on this computer with its threads; membership on the server stays. */
  "workspace.forget": { params: z.strictObject({ wid }), result: done },
  /** Signs the state of the log, so that a new device can begin there. */
  "workspace.checkpoint": { params: z.strictObject({ wid }), result: done },
  "workspace.reconnect": { params: z.strictObject({ wid }), result: done },
  /** From where the workspace's server can be reached, and this computer's addresses where it runs inside this app. */
  "workspace.reach": { params: z.strictObject({ wid }), result: join.ReachView },
  /** Lets other computers reach the server inside this app, at this address of this computer. */
  "workspace.letReach": {
    params: z.strictObject({ wid, host: z.string().max(64) }),
    result: z.strictObject({ server: z.string() }),
  },
  /** Work offline on purpose, as if the plug were pulled. */
  "workspace.pause": { params: z.strictObject({ wid, paused: z.boolean() }), result: done },

  /** The history at a position (the newest for null) as words that two people compare aloud. */
  "workspace.fingerprint": {
    params: z.strictObject({ wid, at: z.number().int().min(1).nullable() }),
    result: v.FingerprintView,
  },
  /** What came of comparing. Where the words differ, approvals stop here. */
  "workspace.compared": {
    params: z.strictObject({ wid, at: z.number().int().min(1), same: z.boolean() }),
    result: done,
  },
  /** What the server was found to do, newest first. */
  "workspace.evidence": { params: z.strictObject({ wid }), result: v.EvidenceView },
  /** The same with both sides of each piece, exactly, for whoever runs the server. */
  "workspace.evidenceFile": {
    params: z.strictObject({ wid }),
    result: z.strictObject({ name: z.string(), text: z.string() }),
  },

  "link.take": { params: none, result: done },
  "invite.inspect": { params: z.strictObject({ link: z.string() }), result: v.InvitePreview },
  "invite.join": { params: z.strictObject({ link: z.string() }), result: z.strictObject({ wid }) },
  "invite.create": {
    params: z.strictObject({
      wid,
      role: id,
      label: z.string().max(80),
      expiresInMs: z
        .number()
        .int()
        .min(60_000)
        .max(30 * 86_400_000),
      uses: z.number().int().min(1).max(50),
    }),
    result: v.InviteView,
  },
  "invite.revoke": { params: z.strictObject({ wid, invite: id }), result: done },

  /** Somebody decides in my place until then. */
  "delegation.set": { params: z.strictObject({ wid, to: id, until: z.number().int() }), result: done },
  "delegation.clear": { params: z.strictObject({ wid }), result: done },

  /** Makes a code with which another computer of this person becomes a device of theirs. An older code ends. */
  "pair.offer": { params: z.strictObject({ wid }), result: done },
  /** Looks at a code without asking anybody; `name` is what this computer would call itself. */
  "pair.inspect": { params: z.strictObject({ code: z.string() }), result: pair.PairPreview },
  /** Goes to the pairing with this code, as the new device. */
  "pair.arrive": { params: z.strictObject({ code: z.string(), name }), result: done },
  /** Asks the shell to draw the number in the popup window. */
  "pair.show": { params: none, result: done },
  /** Only the popup window: the device is signed after a confirmation that the shell itself draws. */
  "pair.answer": { params: z.strictObject({ wid, pairing: z.string().length(22), same: z.boolean() }), result: done },
  /** Ends what is under way, or takes its last word from the screen. */
  "pair.stop": { params: none, result: done },

  /** `from` is the role that was on the screen: where it is another by now, nothing is changed. */
  "member.setRole": { params: z.strictObject({ wid, member: id, role: id, from: id.optional() }), result: done },
  /** Gives the role that an invite promised, or says no to it. `role` is the one that was on the screen. */
  "member.givePromised": { params: z.strictObject({ wid, member: id, role: id }), result: done },
  "member.refusePromised": { params: z.strictObject({ wid, member: id, role: id }), result: done },
  "member.remove": { params: z.strictObject({ wid, member: id }), result: done },
  /** Replaces the key of this computer's device; requests that wait go on. */
  "device.replaceKey": { params: z.strictObject({ wid }), result: done },
  /** An invite with which a member who lost their devices comes back as themselves. */
  "member.letBack": {
    params: z.strictObject({
      wid,
      member: id,
      expiresInMs: z
        .number()
        .int()
        .min(60_000)
        .max(30 * 86_400_000),
    }),
    result: v.InviteView,
  },
  "device.revoke": { params: z.strictObject({ wid, device: id }), result: done },
  /** "What can this person do, and why?" */
  "member.explain": { params: z.strictObject({ wid, member: id }), result: v.Explained },
  /** Defines a new role, or changes a custom one. The log keeps every role, so there is no way to delete one. */
  "role.define": {
    params: z.strictObject({ wid, role: id.nullable(), name, caps: z.array(z.string().max(64)).max(64) }),
    result: z.strictObject({ role: z.string() }),
  },

  /** Rows `from` … of those that match, oldest first; the newest ones where `from` is null. */
  "audit.page": {
    params: z.strictObject({
      wid,
      match: audit.AuditMatch,
      from: z.number().int().min(0).nullable(),
      limit: z.number().int().min(1).max(200),
    }),
    result: z.strictObject({
      rows: z.array(audit.AuditRowView),
      from: z.number(),
      total: z.number(),
      version: z.string(),
    }),
  },
  /** What lies behind a row: hashes and the exact entry. */
  "audit.entry": {
    params: z.strictObject({ wid, doc: z.string().max(64), seq: z.number().int().min(1) }),
    result: audit.AuditEntryView,
  },
  /** Begins an export of everything that is in the audit now; `audit.exportNext` answers it piece by piece. */
  "audit.exportStart": {
    params: z.strictObject({ wid, format: z.enum(["jsonl", "csv"]) }),
    result: z.strictObject({ export: z.string(), rows: z.number(), file: z.string() }),
  },
  "audit.exportNext": {
    params: z.strictObject({ wid, export: id }),
    result: z.strictObject({ text: z.string(), rows: z.number(), done: z.boolean() }),
  },
  /** Verifying a saved audit: its text in pieces, then `audit.checkNext` until it says what the file is. Nothing is kept. */
  "audit.checkStart": {
    params: z.strictObject({ format: z.enum(["jsonl", "csv"]) }),
    result: z.strictObject({ check: z.string() }),
  },
  "audit.checkAdd": { params: z.strictObject({ check: id, text: z.string().max(131_072) }), result: done },
  "audit.checkNext": { params: z.strictObject({ check: id }), result: audit.AuditCheckView },
  "audit.checkStop": { params: z.strictObject({ check: id }), result: done },

  "server.parse": {
    /** Usual `mcpServers` JSON, or one command line. Nothing is started. `kept` says from where values were taken out of the launch. */
    params: z.strictObject({ text: z.string().max(262_144) }),
    result: z.strictObject({
      servers: z.array(
        z.strictObject({
          name: z.string(),
          launch: v.Launch,
          values: z.record(z.string(), z.string()),
          kept: z.array(z.string()),
        }),
      ),
      ignored: z.array(z.string()),
    }),
  },
  "server.probe": {
    /** Starts the command once on this computer and lists its tools. `values` fill environment variables and stay here. */
    params: z.strictObject({ wid, name, launch: v.Launch, values: z.record(z.string(), z.string().max(8_192)) }),
    /** `left`: one sentence for each tool that cannot be taken. */
    result: z.strictObject({ tools: z.array(v.ToolView), left: z.array(z.string()) }),
  },
  "server.add": {
    /** Refused with `launch-secret` where something looks like a secret that the team and the server would keep; `shares` says that it is none. */
    params: z.strictObject({
      wid,
      name,
      launch: v.Launch,
      values: z.record(z.string(), z.string().max(8_192)),
      effects: z.record(z.string(), v.Effect),
      shares: z.boolean().optional(),
    }),
    result: z.strictObject({ id }),
  },
  "server.remove": { params: z.strictObject({ wid, server: id }), result: done },
  /** `launch` is the one that was on the screen: where the team has changed it since, nothing is accepted. */
  "server.accept": {
    params: z.strictObject({
      wid,
      server: id,
      values: z.record(z.string(), z.string().max(8_192)),
      launch: v.Launch.optional(),
    }),
    result: done,
  },
  /** Accepts for the team what these tools say of themselves. `schema` is what was on the screen. */
  "tool.accept": {
    params: z.strictObject({
      wid,
      server: id,
      tools: z
        .array(z.strictObject({ tool: z.string().min(1).max(200), schema: z.string().length(43) }))
        .min(1)
        .max(256),
    }),
    result: done,
  },
  "tool.withdraw": {
    params: z.strictObject({ wid, server: id, tool: z.string().min(1).max(200), schema: z.string().length(43) }),
    result: done,
  },
  "server.restart": { params: z.strictObject({ wid, server: id }), result: done },
  "server.log": { params: z.strictObject({ wid, server: id }), result: z.strictObject({ lines: z.array(z.string()) }) },
  /** What these changes would do for everybody. Nothing is signed. */
  "policy.preview": {
    params: z.strictObject({ wid, changes: z.array(policy.PolicyChange).max(64) }),
    result: policy.PolicyPreview,
  },
  /** All of them as one act. `base` names the policy that was on the screen. Answers what `policy.undo` takes. */
  "policy.change": {
    params: z.strictObject({ wid, changes: z.array(policy.PolicyChange).min(1).max(64), base: z.number().int() }),
    result: z.strictObject({ before: z.number(), after: z.number() }),
  },
  /** Puts the policy of `before` in force again, while `after` is the newest. Answers as `policy.change`. */
  "policy.undo": {
    params: z.strictObject({ wid, before: z.number().int(), after: z.number().int() }),
    result: z.strictObject({ before: z.number(), after: z.number() }),
  },
  /** Who changed the policy after `base`, and what came of it. */
  "policy.since": { params: z.strictObject({ wid, base: z.number().int() }), result: policy.PolicySince },
  /** The arguments of the tools that a rule names, as far as they are known on this computer. */
  "policy.arguments": {
    params: z.strictObject({
      wid,
      server: z.string().max(64).nullable(),
      tools: z.array(z.string().max(200)).max(256),
      except: z.boolean(),
    }),
    result: policy.RuleArguments,
  },
  "policy.queueRemoval": { params: z.strictObject({ wid, queue: id }), result: v.QueueRemoval },
  /** Which rule would decide? Asks the same function as the gate; nothing is called. */
  "policy.try": {
    params: z.strictObject({
      wid,
      server: id,
      tool: z.string().min(1).max(200),
      role: id,
      args: z.string().max(ARGS_MAX),
    }),
    result: v.RuleFinding,
  },

  "thread.create": { params: z.strictObject({ wid }), result: thread.ThreadSummary },
  "thread.rename": { params: z.strictObject({ thread: id, title: name }), result: done },
  "thread.delete": { params: z.strictObject({ thread: id }), result: done },
  "thread.page": {
    /** Messages with seq < before (or the newest), oldest first. */
    params: z.strictObject({
      thread: id,
      before: z.number().int().nullable(),
      limit: z.number().int().min(1).max(200),
    }),
    result: z.strictObject({ messages: z.array(thread.MessageView), total: z.number() }),
  },
  /** While the agent works the message waits unread; its next step reads it. */
  /** `writer` is the window, as in `thread.saveDraft`: what it kept of this text as a draft is sent with it. */
  "thread.send": {
    params: z.strictObject({
      thread: id,
      text: z.string().trim().min(1).max(MESSAGE_MAX),
      writer: z.string().max(64).optional(),
    }),
    result: done,
  },
  /** Sends on what waits unread after its run has ended. */
  "thread.sendUnread": { params: z.strictObject({ thread: id }), result: done },
  "thread.takeBack": {
    params: z.strictObject({ thread: id, message: id }),
    result: z.strictObject({ text: z.string() }),
  },
  "thread.callTool": {
    params: z.strictObject({
      thread: id,
      server: id,
      tool: z.string().max(200),
      args: z.string().max(ARGS_MAX),
      /** For approvers, where the call asks somebody. */ why: z.string().max(v.WHY_MAX).optional(),
    }),
    result: done,
  },
  "thread.retry": { params: z.strictObject({ thread: id }), result: done },
  "thread.setModel": { params: z.strictObject({ thread: id, model: id.nullable() }), result: done },
  /** `base` is the version that was written on, `writer` the window, `typedAt` when it was typed, ms. `instead`: another window was typed in later, and this is its text. */
  "thread.saveDraft": {
    params: z.strictObject({
      thread: id,
      draft: thread.Draft.refine((draft) => thread.draftLength(draft) <= DRAFT_MAX),
      base: z.number().int(),
      writer: id,
      typedAt: z.number().int(),
    }),
    result: thread.DraftView.omit({ draft: true }).extend({ instead: thread.Draft.nullable() }),
  },
  "thread.draft": { params: z.strictObject({ thread: id }), result: thread.DraftView },
  /** Takes up a text that gave way to another window's, or puts it away for good. */
  "thread.aside": {
    params: z.strictObject({ thread: id, aside: z.number().int(), use: z.boolean() }),
    result: thread.DraftView,
  },
  "run.stop": { params: z.strictObject({ thread: id }), result: done },
  "call.cancel": { params: z.strictObject({ thread: id, call: id }), result: done },
  /** Changes the arguments of an own call that has not begun. It is judged anew, and earlier votes no longer count. */
  "call.edit": { params: z.strictObject({ thread: id, call: id, args: z.string().max(ARGS_MAX) }), result: done },
  /** The file that an own call would write, as it is now on this computer; it leaves it only by the person's choice. */
  "call.present": {
    params: z.strictObject({ thread: id, call: id }),
    result: z.strictObject({ before: v.Before.nullable() }),
  },
  /** The own call behind an approval request, where it was asked from this computer. */
  "call.ofRequest": {
    params: z.strictObject({ wid, request: id }),
    result: z.strictObject({ own: z.strictObject({ thread: id, call: thread.CallView }).nullable() }),
  },
  search: { params: z.strictObject({ wid, query: z.string().max(500) }), result: z.array(thread.SearchHit) },

  "card.get": { params: z.strictObject({ wid, request: id }), result: v.CardView },
  /** Only the popup window: a vote is signed after a confirmation that the shell itself draws. */
  "card.decide": {
    params: z.strictObject({ wid, request: id, vote: z.enum(["approve", "reject"]), note: z.string().max(NOTE_MAX) }),
    result: done,
  },
  /** The reason that somebody began to write, kept in memory until the card is decided. Null only asks for it. */
  "card.reason": {
    params: z.strictObject({ wid, request: id, reason: z.string().max(NOTE_MAX).nullable() }),
    result: z.strictObject({ reason: z.string() }),
  },
  /** Asks the shell to draw the card in the popup window. */
  "card.show": { params: z.strictObject({ wid, request: id }), result: done },

  "practice.ask": {
    /** A request to try the flow: it can be decided and never runs. `server` null asks with a built-in example. */
    params: z.strictObject({
      wid,
      queue: id,
      server: id.nullable(),
      tool: z.string().max(200),
      args: z.string().max(PRACTICE_ARGS_MAX),
      why: z.string().max(v.WHY_MAX).optional(),
    }),
    result: z.strictObject({ request: id }),
  },
  "practice.withdraw": { params: z.strictObject({ wid, request: id }), result: done },

  "model.add": {
    params: z.strictObject({
      kind: v.ModelKind,
      name,
      model: z.string().trim().min(1).max(200),
      baseUrl: z.string().max(2_048).nullable(),
      key: z.string().max(4_096).nullable(),
    }),
    result: z.strictObject({ id }),
  },
  "model.remove": { params: z.strictObject({ model: id }), result: done },
  "model.setDefault": { params: z.strictObject({ model: id }), result: done },
  /** The person says that a model behind a program on this computer runs here too, or takes it back. */
  "model.setRunsHere": { params: z.strictObject({ model: id, runsHere: z.boolean() }), result: done },
  "model.detect": { params: none, result: done },
  /** One short request to the endpoint; says in words what is wrong. */
  "model.test": {
    params: z.strictObject({ model: id }),
    result: z.strictObject({ ok: z.boolean(), problem: v.Code.nullable() }),
  },
} as const satisfies Record<string, { params: z.ZodType; result: z.ZodType }>;

export type Method = keyof typeof methods;
export type Params<M extends Method> = z.input<(typeof methods)[M]["params"]>;
export type Result<M extends Method> = z.output<(typeof methods)[M]["result"]>;

/**
 * Topics: a value that the host sends whole whenever it changes, coalesced (at most one in 50 ms a topic).
 * `app`, `models` and `pairing` have no argument; the others are `<kind>/<wid>` or `thread/<thread id>`.
 */
export const topics = {
  app: v.AppView,
  models: v.ModelsView,
  pairing: pair.PairingView,
  status: v.StatusView,
  team: v.TeamView,
  arrivals: z.array(join.ArrivalView),
  invites: z.array(v.InviteView),
  tools: v.ToolsView,
  policy: v.PolicyView,
  threads: z.array(thread.ThreadSummary),
  cards: z.array(v.CardSummary),
  audit: audit.AuditView,
  thread: thread.ThreadView,
} as const;
export type TopicKind = keyof typeof topics;
export type TopicValue<K extends TopicKind> = z.output<(typeof topics)[K]>;

/** Events of a watched `thread/<id>`: a message whole (new or changed), or more text at the end of its last text part. */
export const ThreadEvent = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("put"), message: thread.MessageView }),
  z.strictObject({ kind: z.literal("delta"), thread: id, message: id, text: z.string() }),
  /** The window fell behind and deltas were dropped: load the newest page again. */
  z.strictObject({ kind: z.literal("reload"), thread: id }),
]);
export type ThreadEvent = z.infer<typeof ThreadEvent>;
