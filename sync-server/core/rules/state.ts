/**
 * What the fold of a log knows. Authority is asked at a log position, never at a time: values that decide keep their
 * history as `[position, value]` pairs, so that an approval document can be judged at exactly the position it names.
 */
import type { Spent } from "./budget.ts";
import type { CryptoDep } from "../protocol/crypto.ts";
import type { DeviceKind, Launch, QueuePolicy, Rule, Unnamed } from "../protocol/command.ts";
import { LOG } from "../protocol/ids.ts";
import type {
  DeviceId,
  DocName,
  Hash,
  InviteId,
  MemberId,
  QueueId,
  RoleId,
  ServerId,
  WorkspaceId,
} from "../protocol/ids.ts";
import type { Build } from "../protocol/levels.ts";
import { BUILT_IN_ROLES } from "./roles.ts";
import type { Role } from "./roles.ts";

export type History<T> = [position: number, value: T][];

/** Value in force at `position`: what the newest entry at or before it set. */
export const at = <T>(history: readonly (readonly [position: number, value: T])[], position: number): T | undefined => {
  for (let i = history.length - 1; i >= 0; i -= 1) {
    const item = history[i];
    if (item !== undefined && item[0] <= position) return item[1];
  }
  return undefined;
};

export interface Member {
  readonly id: MemberId;
  name: string;
  /** Names before this one, newest last, as many as `FORMER_NAMES_MAX`. */
  readonly formerly: string[];
  /** null after removal. */
  readonly role: History<RoleId | null>;
  readonly joinedAt: number;
  /** Whose invite brought them; null for the founder. */
  readonly invitedBy: MemberId | null;
  /** Who changed the role, when. The invite itself stands in `invitedBy`. */
  readonly appointed: Appointment[];
  /** The invite that brought them in or back last; null for the founder. */
  invite: InviteId | null;
  /** Role the invite promised (`confirm` invites), until somebody who may give it answers. */
  promised: RoleId | null;
  /** What came of the last promise: the role that was given, or null where it was refused. */
  answered: PromiseAnswer | null;
}

export interface PromiseAnswer {
  readonly promised: RoleId;
  readonly given: RoleId | null;
  readonly by: MemberId;
  readonly at: number;
}

export interface Appointment {
  readonly seq: number;
  readonly by: MemberId;
  readonly at: number;
}

export interface Device {
  readonly id: DeviceId;
  readonly member: MemberId;
  /** Ed25519 and X25519 public keys, raw, base64url. */
  readonly x: string;
  readonly enc: string;
  readonly kind: DeviceKind;
  /** As its person named it, or null. */
  readonly name: string | null;
  /** What it said last of its app; null for one that never said anything. */
  knows: Knows | null;
  readonly from: number;
  readonly addedAt: number;
  to: number | null;
  revokedAt: number | null;
  /** The device that it replaced by `device.rotate`. */
  readonly rotatedFrom: DeviceId | null;
  /** Set where an invite for a lost device brought it: who made that invite, and when it was used. Shown to everybody. */
  readonly recovered: Recovery | null;
}

export interface Knows {
  readonly version: string;
  /** The newest level that it knows. */
  readonly knows: number;
}

/** One step of the level. */
export interface Raise {
  readonly to: number;
  readonly by: MemberId;
  readonly at: number;
}

export interface Recovery {
  readonly by: MemberId;
  readonly invite: InviteId;
  readonly at: number;
}

/** Somebody who votes in place of another until a date. */
export interface Delegation {
  readonly to: MemberId;
  readonly until: number;
}

export interface Checkpoint {
  /** Position of the checkpoint's own entry. */
  readonly seq: number;
  readonly at: readonly [number, Hash];
  readonly stateHash: Hash;
  readonly by: MemberId;
}

/** A definition of a tool that the team accepted, and what it said of itself. */
export interface Accepted {
  readonly schema: Hash;
  readonly readOnly: boolean;
  readonly destructive: boolean;
  readonly by: MemberId;
  readonly at: number;
}
export interface AcceptedTool {
  readonly name: string;
  /** Oldest first, at most `DEFINITIONS_MAX`; empty after all were withdrawn. */
  readonly accepted: Accepted[];
}

export interface ToolServer {
  readonly id: ServerId;
  readonly name: string;
  readonly launch: Launch;
  readonly tools: AcceptedTool[];
  readonly by: MemberId;
  readonly position: number;
}

export interface Policy {
  readonly unnamed: Unnamed;
  readonly rules: readonly Rule[];
  readonly queues: readonly QueuePolicy[];
}

/**
 * The two lists that grow with every entry. In memory they are an array and a map; who keeps a chain for years may look
 * them up where the entries lie, so that a start and the memory do not grow with it.
 */
export interface Hashes {
  /** Head after entry `position`: "" at 0, undefined where there is no such entry. */
  at(position: number): Hash | "" | undefined;
  push(next: Hash): unknown;
  [Symbol.iterator](): Iterator<Hash | "">;
}
export interface Commands {
  has(command: Hash): boolean;
  get(command: Hash): number | undefined;
  set(command: Hash, seq: number): unknown;
  /** In the order of the chain. */
  [Symbol.iterator](): Iterator<[Hash, number]>;
}

/** What every chained document has. `seq` is the number of entries; `head` the hash of the last ("" before the first). */
export interface Chain {
  readonly doc: DocName;
  seq: number;
  head: Hash | "";
  /** Time of the workspace at the newest entry, ms: the server's date and `ahead`. Never goes back (`time.ts`). */
  time: number;
  /** How far that is ahead of the date which the server gave the newest entry, ms. Never falls. */
  ahead: number;
  /** Highest counter by `device document`. */
  readonly counters: Map<string, number>;
  /** Command hash -> seq: a command sent again answers with its first result. */
  readonly commands: Commands;
  /** What people took of their budgets, by `budget member`: see budget.ts. */
  readonly spent: Map<string, Spent>;
}

export interface SetBack {
  /** Time of the workspace there, ms. */
  readonly from: number;
  /** `ahead` from there on. */
  readonly ahead: number;
  /** Date of the entry before it, ms. */
  readonly before: number;
}

export interface Log extends Chain {
  readonly wid: WorkspaceId;
  name: string;
  readonly hashes: Hashes;
  /** Every raise; empty at level 1. */
  readonly levels: History<Raise>;
  /** Where the server's clock was set back and the workspace's time went on; empty where it never was. */
  readonly setBacks: History<SetBack>;
  readonly members: Map<MemberId, Member>;
  readonly devices: Map<DeviceId, Device>;
  readonly roles: Map<RoleId, History<Role>>;
  readonly inviteUses: Map<InviteId, number>;
  readonly invitesRevoked: Map<InviteId, number>;
  readonly servers: Map<ServerId, ToolServer>;
  readonly policy: History<Policy>;
  serverKey: string | null;
  /** By the person who is stood in for. */
  readonly delegations: Map<MemberId, History<Delegation | null>>;
  /** Newest epoch of each queue and lane that has more than one. */
  readonly epochs: Map<DocName, History<number>>;
  checkpoint: Checkpoint | null;
}

export interface Vote {
  /** Whose vote it is. */
  readonly member: MemberId;
  /** Who cast it: the same person, or their delegate. */
  readonly by: MemberId;
  readonly device: DeviceId;
  readonly v: "approve" | "reject";
  readonly note: string | null;
  readonly at: number;
}

/** `practiced` is where an approved practice request ends. */
export type RequestState = "pending" | "approved" | "rejected" | "canceled" | "replaced" | "practiced" | "used";

export interface Request {
  /** Hash of the request's command. A vote names it, so it is valid for exactly this call. */
  readonly id: Hash;
  readonly queue: QueueId;
  /** The document it was made in, with its epoch. */
  readonly doc: DocName;
  /** The queue's policy at the position of the request: later changes do not touch it. */
  readonly policy: QueuePolicy;
  readonly requester: MemberId;
  readonly device: DeviceId;
  readonly server: string;
  readonly tool: string;
  readonly rule: string;
  readonly callHash: Hash;
  readonly jwe: string;
  /** Sealed copies for approvers who were added later. */
  readonly copies: string[];
  readonly practice: boolean;
  readonly replaces: Hash | null;
  replacedBy: Hash | null;
  readonly at: number;
  readonly decideBy: number;
  readonly votes: Vote[];
  state: RequestState;
  decidedAt: number | null;
  result: "ok" | "error" | "unknown" | null;
}

/** Fold of `queue:<q>` and `lane:<member>`. */
export interface ApprovalDoc extends Chain {
  readonly kind: "approvals";
  /** Log position of the newest entry. */
  position: number;
  readonly requests: Map<Hash, Request>;
  /** By whoever asked: requests that were open when they asked last. At most as many as may wait: see waiting.ts. */
  readonly waiting: Map<MemberId, readonly Hash[]>;
}

export interface Invite {
  readonly id: InviteId;
  readonly jws: string;
  readonly label: string;
  readonly role: RoleId;
  readonly expiresAt: number;
  readonly uses: number;
  readonly by: MemberId;
  readonly at: number;
  /** The member whom it lets come back, or null. */
  readonly member: MemberId | null;
}

/** Fold of `admin`. */
export interface AdminDoc extends Chain {
  readonly kind: "admin";
  position: number;
  readonly invites: Map<InviteId, Invite>;
}

export const HOUR = 3_600_000;
export const DEFAULT_QUEUE = "approvers" as QueueId;
/** In force until the first `policy.set`. No rules: a call that no rule names asks this queue. */
export const DEFAULT_POLICY: Policy = {
  unnamed: "ask",
  rules: [],
  queues: [
    {
      id: DEFAULT_QUEUE,
      name: "Approvers",
      all: [{ n: 1, roles: ["owner", "admin", "approver"] as RoleId[], members: [] }],
      deny: 1,
      decideMs: 8 * HOUR,
      useMs: HOUR,
      steps: [],
      practice: true,
      oneForTwo: false,
      independent: false,
      phone: "reject",
      grants: "none",
    },
  ],
};

const chain = (doc: DocName, commands: Commands): Chain => ({
  doc,
  seq: 0,
  head: "",
  time: 0,
  ahead: 0,
  counters: new Map(),
  commands,
  spent: new Map(),
});

export const newLog = (
  wid: WorkspaceId,
  hashes: Hashes = [""] as (Hash | "")[],
  commands: Commands = new Map(),
): Log => ({
  ...chain(LOG, commands),
  wid,
  name: "",
  hashes,
  levels: [],
  setBacks: [],
  members: new Map(),
  devices: new Map(),
  roles: new Map(BUILT_IN_ROLES.map((role) => [role.id, [[0, role]]])),
  inviteUses: new Map(),
  invitesRevoked: new Map(),
  servers: new Map(),
  policy: [[0, DEFAULT_POLICY]],
  serverKey: null,
  delegations: new Map(),
  epochs: new Map(),
  checkpoint: null,
});
export const newApprovalDoc = (doc: DocName): ApprovalDoc => ({
  ...chain(doc, new Map()),
  kind: "approvals",
  position: 0,
  requests: new Map(),
  waiting: new Map(),
});
export const newAdminDoc = (doc: DocName, commands: Commands = new Map()): AdminDoc => ({
  ...chain(doc, commands),
  kind: "admin",
  position: 0,
  invites: new Map(),
});

export interface Deps {
  readonly crypto: CryptoDep;
  /** What this app or server knows; a test may be another one. */
  readonly build?: Build | undefined;
}
