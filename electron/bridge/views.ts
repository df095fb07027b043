/**
 * What a window may see: the shapes of every value that crosses from the agent host to a renderer.
 * The host builds these from its store and replica; the renderer parses them at its door and shows them.
 * Times are milliseconds since the epoch. Ids are opaque strings and never shown where a name exists.
 */
import { z } from "zod";

export const Code = z.strictObject({
  /** Stable, for tests and for choosing what to offer next. */
  code: z.string().max(64),
  /** One or two sentences a person can act on: what happened, what is safe, what to do. */
  message: z.string().max(2_000),
});
export type Code = z.infer<typeof Code>;

/** An answer to "may I?": the verdict and the rule that decided, in words. */
export const Verdict = z.strictObject({ allowed: z.boolean(), rule: z.string() });
export type Verdict = z.infer<typeof Verdict>;

// ---- app ------------------------------------------------------------------------------------

export const Theme = z.enum(["system", "light", "dark"]);
/** What approvers read beside the arguments of a call: a choice of whoever asks. */
export const Enclose = z.enum(["nothing", "message", "message-and-file"]);
export type Enclose = z.infer<typeof Enclose>;
export const Settings = z.strictObject({
  theme: Theme,
  /** Hide arguments in notifications and on a locked screen. */
  hideArguments: z.boolean(),
  notifications: z.boolean(),
  enclose: Enclose,
  /** How long a vote waits before it is signed, so that it can be taken back. */
  takeBackSeconds: z.union([z.literal(0), z.literal(5)]),
});
export type Settings = z.infer<typeof Settings>;

export const WorkspaceSummary = z.strictObject({
  wid: z.string(),
  name: z.string(),
  server: z.string(),
  /** Cards this person can decide now. */
  waiting: z.number(),
  role: z.string().nullable(),
});
export type WorkspaceSummary = z.infer<typeof WorkspaceSummary>;

export const AppView = z.strictObject({
  version: z.string(),
  shell: z.strictObject({ kind: z.enum(["electron", "browser"]), detail: z.string() }),
  person: z.strictObject({ name: z.string() }).nullable(),
  keys: z.strictObject({ storage: z.enum(["keychain", "file"]), detail: z.string(), device: z.string() }).nullable(),
  workspaces: z.array(WorkspaceSummary),
  settings: Settings,
  /** A join link that reached the app from outside and waits for the confirm screen. */
  pendingLink: z.string().nullable(),
});
export type AppView = z.infer<typeof AppView>;

/** The status line: which promise holds right now. */
export const StatusView = z.strictObject({
  wid: z.string(),
  link: z.enum(["in-sync", "connecting", "offline", "refused", "out", "tampered", "withheld", "update-app"]),
  since: z.number(),
  reason: Code.nullable(),
  /** What the server was found to do, while it is held against it: opens the evidence. */
  lie: z.string().optional(),
  /** When this app went on by itself after such a thing, ms, since it was started: the evidence is kept. */
  wentOn: z.number().optional(),
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
export type StatusView = z.infer<typeof StatusView>;

export const FingerprintView = z.strictObject({ at: z.number(), newest: z.number(), words: z.array(z.string()) });
export type FingerprintView = z.infer<typeof FingerprintView>;

export const EvidenceView = z.strictObject({
  pieces: z.array(
    z.strictObject({
      at: z.number(),
      code: z.string(),
      sentence: z.string(),
      /** Which list it is about, in words, and how much of it was verified. */
      list: z.string(),
      position: z.number(),
    }),
  ),
});
export type EvidenceView = z.infer<typeof EvidenceView>;

// ---- members, roles, invites ------------------------------------------------------------------

/** One computer of a person, however often its key was replaced. */
export const DeviceView = z.strictObject({
  id: z.string(),
  addedAt: z.number(),
  keyReplacedAt: z.number().nullable(),
  revokedAt: z.number().nullable(),
  /** What closed it: somebody revoked it, its member came back with another, or the membership ended. */
  ended: z.enum(["revoked", "lost", "membership"]).nullable(),
  current: z.boolean(),
  /** Set where it came in place of lost ones: who let it in, and when. Shown to everybody. */
  cameBack: z.strictObject({ by: z.string(), at: z.number() }).nullable(),
  canRevoke: Verdict,
  canReplaceKey: Verdict,
});
export type DeviceView = z.infer<typeof DeviceView>;
/** Somebody came back with a new device, and their older ones are closed. */
export const CameBackView = z.strictObject({ device: z.string(), name: z.string(), by: z.string(), at: z.number() });
export type CameBackView = z.infer<typeof CameBackView>;
export const MemberView = z.strictObject({
  id: z.string(),
  name: z.string(),
  role: z.string(),
  active: z.boolean(),
  me: z.boolean(),
  joinedAt: z.number(),
  /** Others whose name could be taken for this one, with their role. */
  alike: z.array(z.string()),
  /** Names before this one, newest last. */
  formerly: z.array(z.string()),
  devices: z.array(DeviceView),
  /** Roles I may give this person; empty when none, with the reason in `roleRule`. */
  assignable: z.array(z.string()),
  roleRule: z.string(),
  canRemove: Verdict,
  /** Whether I may let this person back in with a new device. */
  canLetBack: Verdict,
  /** Whether this person may be chosen to decide in my place. */
  canStandIn: Verdict,
});
export type MemberView = z.infer<typeof MemberView>;
export const RoleView = z.strictObject({
  id: z.string(),
  name: z.string(),
  caps: z.array(z.string()),
  builtIn: z.boolean(),
  /** Whether I may change what it allows. */
  change: Verdict,
});
export type RoleView = z.infer<typeof RoleView>;
/** `to` decides in the place of `member` until then. Only what holds now is listed. */
export const StandInView = z.strictObject({ member: z.string(), to: z.string(), until: z.number() });
export type StandInView = z.infer<typeof StandInView>;
export const CheckpointView = z.strictObject({
  last: z.strictObject({ at: z.number(), by: z.string() }).nullable(),
  /** Entries of the log after it. */
  since: z.number(),
  /** What this computer has verified of what lies behind the checkpoint that it began with, or null. */
  behind: z.strictObject({ have: z.number(), of: z.number() }).nullable(),
  sign: Verdict,
});
export type CheckpointView = z.infer<typeof CheckpointView>;

export const TeamView = z.strictObject({
  wid: z.string(),
  name: z.string(),
  me: z.string(),
  members: z.array(MemberView),
  roles: z.array(RoleView),
  standIns: z.array(StandInView),
  /** Since this device is here. */
  cameBack: z.array(CameBackView),
  /** capability -> may I, and why. */
  mine: z.record(z.string(), Verdict),
  checkpoint: CheckpointView,
});
export type TeamView = z.infer<typeof TeamView>;

/** Everything one person may do: each right by itself, then the questions that depend on what it is used on. */
export const Explained = z.strictObject({
  rights: z.record(z.string(), Verdict),
  /** `about` is the name of a role, a person or a queue. */
  questions: z.array(
    z.strictObject({
      kind: z.enum(["give-role", "change-role", "remove-member", "decide-queue"]),
      about: z.string(),
      verdict: Verdict,
    }),
  ),
});
export type Explained = z.infer<typeof Explained>;

export const InviteView = z.strictObject({
  id: z.string(),
  label: z.string(),
  role: z.string(),
  createdBy: z.string(),
  expiresAt: z.number(),
  uses: z.number(),
  used: z.number(),
  state: z.enum(["open", "used", "expired", "revoked"]),
  /** Name of the member who comes back with it, or null. */
  back: z.string().nullable(),
  /** Whoever came in with it, and the name of the role that they still wait for. */
  usedBy: z.array(z.strictObject({ name: z.string(), waitsFor: z.string().nullable() })),
  /** Where links of it lead that were sent before the server was reached at another address; null where they are good. */
  oldAddress: z.string().nullable(),
  /** Only on the computer that made the invite; the seed is never synced. */
  link: z.string().nullable(),
  appLink: z.string().nullable(),
});
export type InviteView = z.infer<typeof InviteView>;

/** What the confirm screen shows before anything happens. */
export const InvitePreview = z.strictObject({
  server: z.string(),
  workspace: z.string(),
  wid: z.string(),
  inviter: z.string(),
  role: z.string(),
  /** Whether one joins as Guest until somebody gives that role. */
  confirm: z.boolean(),
  expiresAt: z.number(),
  usesLeft: z.number(),
  /** Name of the member as whom this person comes back, or null. Their older devices are closed. */
  back: z.string().nullable(),
  /** Set when this app is already a member: the button opens the workspace instead. */
  alreadyMember: z.boolean(),
});
export type InvitePreview = z.infer<typeof InvitePreview>;

// ---- tools and policy -------------------------------------------------------------------------

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
export type Launch = z.infer<typeof Launch>;

export const Effect = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("allow") }),
  /** The person who runs it confirms it on their own screen. */
  z.strictObject({ kind: z.literal("confirm") }),
  z.strictObject({ kind: z.literal("ask"), queue: z.string() }),
  z.strictObject({ kind: z.literal("deny") }),
]);
export type Effect = z.infer<typeof Effect>;

export const ToolView = z.strictObject({
  name: z.string(),
  title: z.string().nullable(),
  description: z.string(),
  inputSchema: z.record(z.string(), z.unknown()),
  readOnly: z.boolean(),
  destructive: z.boolean(),
  effect: Effect,
  /** The rule that gives this effect, in words. */
  rule: z.string(),
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
  /** The rule that gives another effect than `own`, in words. */
  overruledBy: z.string().nullable(),
});
export type ToolView = z.infer<typeof ToolView>;

export const ServerView = z.strictObject({
  id: z.string(),
  name: z.string(),
  launch: Launch,
  addedBy: z.string(),
  state: z.enum(["stopped", "needs-review", "starting", "ready", "restarting", "failed", "unsupported"]),
  error: Code.nullable(),
  /** Set while `needs-review`: what would start, against what this person accepted before. */
  review: z.strictObject({ before: Launch.nullable(), after: Launch }).nullable(),
  /** Values set on this computer only: names of environment variables that have one. */
  filled: z.array(z.string()),
  tools: z.array(ToolView),
  restarts: z.number(),
});
export type ServerView = z.infer<typeof ServerView>;

export const Threshold = z.strictObject({
  n: z.number().int().min(1).max(50),
  roles: z.array(z.string()).max(32),
  members: z.array(z.string()).max(50),
});
export const QueueView = z.strictObject({
  id: z.string(),
  name: z.string(),
  all: z.array(Threshold).min(1).max(8),
  deny: z.number().int().min(1).max(50),
  /** Milliseconds to decide, and to use an approval once given. */
  decideMs: z.number(),
  useMs: z.number(),
  /** Rungs of escalation: these thresholds replace the ones before, so long after the request. */
  steps: z.array(z.strictObject({ afterMs: z.number().int(), all: z.array(Threshold).min(1).max(8) })).max(8),
  practice: z.boolean(),
  /** Whether one person's click counts for each of those in whose place they stand too. */
  oneForTwo: z.boolean(),
  /** Whether votes of people whom the requester brought in lately do not count. */
  independent: z.boolean(),
});
export type QueueView = z.infer<typeof QueueView>;

export const ToolsView = z.strictObject({
  wid: z.string(),
  servers: z.array(ServerView),
  queues: z.array(QueueView),
  mayEdit: Verdict,
  mayAccept: Verdict,
});
export type ToolsView = z.infer<typeof ToolsView>;

export const Condition = z.strictObject({
  path: z.string().min(1).max(200),
  op: z.enum(["equals", "under", "host-in", "at-most", "matches"]),
  value: z.string().max(1_000),
});
export type Condition = z.infer<typeof Condition>;
/** A rule as it is written; a new one has no id yet. */
export const RuleText = z.strictObject({
  id: z.string().min(1).max(32).nullable(),
  /** Null for every server. */
  server: z.string().nullable(),
  /** These tools, or with `except` all but these. */
  tools: z.array(z.string().min(1).max(200)).max(256),
  except: z.boolean(),
  /** All must hold. */
  args: z.array(Condition).max(8),
  /** Of whoever asks; empty for everybody. */
  roles: z.array(z.string()).max(32),
  effect: Effect,
});
export type RuleText = z.infer<typeof RuleText>;
export const RuleView = z.strictObject({
  ...RuleText.shape,
  id: z.string(),
  words: z.string(),
  /** Why no call can fit it, as far as its tools are known on this computer. */
  problem: z.string().nullable(),
});
export type RuleView = z.infer<typeof RuleView>;
export const PolicyView = z.strictObject({
  wid: z.string(),
  /** Names this state of the policy: a change of another one is refused as `stale`. */
  base: z.number(),
  mayEdit: Verdict,
  /** What a call gets that no rule names. */
  unnamed: z.enum(["ask", "confirm", "deny"]),
  /** Names of the people other than me who may decide what I ask. */
  others: z.array(z.string()),
  rules: z.array(RuleView),
  queues: z.array(QueueView),
  /** Queues that were taken out of the policy: the audit still names them. */
  removedQueues: z.array(z.strictObject({ id: z.string(), name: z.string() })),
  /** By the signed log, whether or not they run on this computer. */
  servers: z.array(z.strictObject({ id: z.string(), name: z.string(), tools: z.array(z.string()) })),
});
export type PolicyView = z.infer<typeof PolicyView>;
/** What removing a queue would mean now. */
export const QueueRemoval = z.strictObject({
  base: z.number(),
  can: Verdict,
  /** Rules that ask it, in words. */
  rules: z.array(z.string()),
  /** Requests that wait in it, as far as this person sees them. */
  waiting: z.number(),
  /** Where it is the queue that is asked when no rule names a call: who is asked then. */
  instead: z.string().nullable(),
});
export type QueueRemoval = z.infer<typeof QueueRemoval>;
/** What the policy says about arguments that somebody tries out: the rule that decides, and every rule that fits. */
export const RuleFinding = z.strictObject({
  effect: Effect,
  words: z.string(),
  rule: z.string().nullable(),
  fitting: z.array(z.string()),
});
export type RuleFinding = z.infer<typeof RuleFinding>;

// ---- approvals ----------------------------------------------------------------------------------

/** Who a person is beside their name, for where another could be taken for them: `alike` says who else, with their role. */
export const PersonMark = z.strictObject({
  role: z.string(),
  joinedAt: z.number(),
  formerly: z.array(z.string()),
  alike: z.array(z.string()),
});
export type PersonMark = z.infer<typeof PersonMark>;
/** How somebody who votes came to be here by the doing of whoever asked, within 30 days. */
export const TieView = z.enum(["invited", "appointed", "let-back"]);

/** `by` cast it in the place of `member`; null where people voted themselves. */
export const VoteView = z.strictObject({
  member: z.string(),
  name: z.string(),
  mark: PersonMark,
  tie: TieView.nullable(),
  by: z.strictObject({ member: z.string(), name: z.string() }).nullable(),
  v: z.enum(["approve", "reject"]),
  at: z.number(),
  note: z.string().nullable(),
});
export const CardSummary = z.strictObject({
  /** `confirm`: an own call that this person confirms on the computer that runs it; its id is the hash of its bytes. */
  kind: z.enum(["ask", "confirm"]),
  wid: z.string(),
  workspace: z.string(),
  request: z.string(),
  requester: z.string(),
  who: PersonMark,
  mine: z.boolean(),
  server: z.string(),
  /** How many tool servers of the team have a name that could be taken for this one, itself included. */
  serversAlike: z.number(),
  tool: z.string(),
  queue: z.string(),
  /** How votes are counted: see the queue. */
  oneForTwo: z.boolean(),
  independent: z.boolean(),
  state: z.enum(["pending", "approved", "rejected", "canceled", "replaced", "practiced", "expired", "used", "lapsed"]),
  requestedAt: z.number(),
  expiresAt: z.number(),
  /** How often the arguments were sealed: again whenever somebody came who may decide. */
  sealed: z.number(),
  /** The request that took its place after an edit. */
  replacedBy: z.string().nullable(),
  canVote: Verdict,
  /** Names of the people in whose place my vote would count, besides or instead of my own. */
  standsFor: z.array(z.string()),
  /** Made to try the flow: it can be decided and never runs. */
  practice: z.boolean(),
  /** Rung of escalation in force, from 0 (the first people asked) to `of`; who decides from when on, where that is still to come. */
  rung: z.strictObject({
    now: z.number(),
    of: z.number(),
    next: z.strictObject({ at: z.number(), who: z.string() }).nullable(),
  }),
  votes: z.array(VoteView),
  thresholds: z.array(z.strictObject({ need: z.number(), have: z.number(), who: z.string() })),
});
export type CardSummary = z.infer<typeof CardSummary>;

export const WHY_MAX = 500;
/** Most of a file that is read for a card, bytes. */
export const PRESENT_MAX = 262_144;
/** The text of a file before a call that would write it. */
export const Before = z.strictObject({
  /** Name of the argument that holds the new text. */
  argument: z.string().max(200),
  /** As the call names it. */
  path: z.string().max(1_024),
  text: z.string().max(PRESENT_MAX),
  /** The file goes on after `text`. */
  cut: z.boolean(),
});
export type Before = z.infer<typeof Before>;
export const CardView = z.strictObject({
  ...CardSummary.shape,
  /** Never the title of a private thread. */
  threadLabel: z.string(),
  device: z.string(),
  rule: z.string(),
  /** Exact text that would be executed, or null where this device was not given the key, with the reason. */
  args: z.string().nullable(),
  argsProblem: Code.nullable(),
  /** The request whose place this one takes after an edit, with its arguments where this device can open them. */
  replaces: z.strictObject({ request: z.string(), args: z.string().nullable() }).nullable(),
  /** The requester's own words, which nobody checked, or null where there are none. */
  why: z.string().nullable(),
  /** The file that the call names, as the requester's app read it when this was asked. Not checked either. */
  before: Before.nullable(),
  /** What should have been enclosed and is not shown. */
  enclosureProblem: Code.nullable(),
});
export type CardView = z.infer<typeof CardView>;

// ---- models -------------------------------------------------------------------------------------

export const ModelKind = z.enum(["openai", "anthropic", "openai-compatible", "ollama", "lm-studio"]);
/**
 * Where the text of a model request goes, as far as it is known. `host` is the address asked, `to` who runs the model
 * behind it. `here`: Ollama on this computer says that it runs the model itself, or the person said so.
 */
export const Place = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("here"), by: z.enum(["ollama", "person"]), host: z.string() }),
  z.strictObject({ kind: z.literal("program"), host: z.string() }),
  z.strictObject({ kind: z.literal("through"), to: z.string(), host: z.string() }),
  z.strictObject({ kind: z.literal("host"), host: z.string() }),
]);
export type Place = z.infer<typeof Place>;
export const ModelView = z.strictObject({
  id: z.string(),
  kind: ModelKind,
  name: z.string(),
  model: z.string(),
  baseUrl: z.string().nullable(),
  hasKey: z.boolean(),
  place: Place,
  /** The person said that this model runs on this computer. */
  runsHere: z.boolean(),
  isDefault: z.boolean(),
});
export type ModelView = z.infer<typeof ModelView>;
export const ModelsView = z.strictObject({
  models: z.array(ModelView),
  detected: z.array(
    z.strictObject({
      kind: ModelKind,
      baseUrl: z.string(),
      models: z.array(
        z.strictObject({
          name: z.string(),
          /** Who runs it, where it is known not to be this computer. */ to: z.string().nullable(),
        }),
      ),
    }),
  ),
});
export type ModelsView = z.infer<typeof ModelsView>;

/** For a report of a problem: where the log stands, its last lines as they are there, and figures of this computer. */
export const ReportView = z.strictObject({
  place: z.string(),
  lines: z.array(z.string()),
  about: z.strictObject({ version: z.string(), shell: z.string(), node: z.string(), system: z.string() }),
});
export type ReportView = z.infer<typeof ReportView>;
