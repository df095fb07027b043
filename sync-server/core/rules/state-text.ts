/**
 * The state of a fold as one exact text, and back. Two replicas that folded the same entries write the same text, so its
 * hash can be signed (`checkpoint`) and a start needs no old entry. Lists keep the order in which the log made them.
 *
 * `v` is the format of the level at that place, whatever the build that writes it (LV14). One that a signed checkpoint may
 * name is read for ever: a change of these shapes needs a new level, and a new `v` beside them.
 *
 * `writeFold` is the same without the two lists that grow with every entry, for whoever keeps those beside the entries.
 */
import type { Spent } from "./budget.ts";
import { deviceKind, queuePolicy, rule, launch, unnamed } from "../protocol/command.ts";
import {
  asDeviceId,
  asDocName,
  asHash,
  asInviteId,
  asKey,
  asMemberId,
  asQueueId,
  asRoleId,
  asServerId,
  asWorkspaceId,
} from "../protocol/ids.ts";
import type { DocName, Hash } from "../protocol/ids.ts";
import { bool, int, json, list, nullable, oneOf, pair, record, text } from "../protocol/parse.ts";
import type { Parsed, Parser } from "../protocol/parse.ts";
import { asCapability } from "../protocol/capabilities.ts";
import type { Capability } from "../protocol/capabilities.ts";
import { stateFormat } from "../protocol/levels.ts";
import { levelAt } from "./level.ts";
import { rolesAt } from "./roles.ts";
import type { DeepReadonly, ReadAdminDoc, ReadApprovalDoc, ReadChain, ReadLog } from "./read.ts";
import { newAdminDoc, newApprovalDoc, newLog } from "./state.ts";
import type { AdminDoc, ApprovalDoc, Chain, Commands, Hashes, History, Log } from "./state.ts";

const MANY = 100_000_000;
const number = int(0, Number.MAX_SAFE_INTEGER);
const words = text(100_000);
/** What is read here becomes the state that the fold writes to, so its lists are made to be written. */
const many = <T>(of: Parser<T>) => list(of, MANY) as Parser<T[]>;
const both = <A, B>(a: Parser<A>, b: Parser<B>) => pair(a, b) as Parser<[A, B]>;
const history = <T>(of: Parser<T>) => many(both(number, of));
const head = (value: unknown): Hash | "" | undefined => (value === "" ? "" : asHash(value));
const chain = {
  v: int(2, 2),
  seq: number,
  head,
  time: number,
  counters: many(both(words, number)),
  commands: many(both(asHash, number)),
  spent: many(both(words, both(number, number))),
};

const member = record({
  id: asMemberId,
  name: words,
  formerly: many(words),
  role: history(nullable(asRoleId)),
  joinedAt: number,
  invitedBy: nullable(asMemberId),
  appointed: many(record({ seq: number, by: asMemberId, at: number })),
  invite: nullable(asInviteId),
  promised: nullable(asRoleId),
  answered: nullable(record({ promised: asRoleId, given: nullable(asRoleId), by: asMemberId, at: number })),
});
const device = record({
  id: asDeviceId,
  member: asMemberId,
  x: asKey,
  enc: asKey,
  kind: deviceKind,
  name: nullable(words),
  knows: nullable(record({ version: words, knows: number })),
  from: number,
  addedAt: number,
  to: nullable(number),
  revokedAt: nullable(number),
  rotatedFrom: nullable(asDeviceId),
  recovered: nullable(record({ by: asMemberId, invite: asInviteId, at: number })),
});
const tool = record({
  name: words,
  accepted: many(record({ schema: asHash, readOnly: bool, destructive: bool, by: asMemberId, at: number })),
});
const server = record({ id: asServerId, name: words, launch, tools: many(tool), by: asMemberId, position: number });
const role = record({ id: asRoleId, name: words, caps: many(asCapability) });
const policy = record({ unnamed, rules: many(rule), queues: many(queuePolicy) });

/** In the text only where the server's clock was set back: the text of a workspace where it never was stays what it is. */
const later = { ahead: int(1, Number.MAX_SAFE_INTEGER) };
const logShape = {
  ...chain,
  wid: asWorkspaceId,
  name: words,
  hashes: many(asHash),
  levels: history(record({ to: number, by: asMemberId, at: number })),
  members: many(member),
  devices: many(device),
  roles: many(history(role)),
  inviteUses: many(both(asInviteId, number)),
  invitesRevoked: many(both(asInviteId, number)),
  servers: many(server),
  policy: history(policy),
  serverKey: nullable(asKey),
  delegations: many(both(asMemberId, history(nullable(record({ to: asMemberId, until: number }))))),
  epochs: many(both(asDocName, history(number))),
  checkpoint: nullable(record({ seq: number, at: both(number, asHash), stateHash: asHash, by: asMemberId })),
};
const logText = record(logShape);
const setBack = record({ from: number, ahead: number, before: number });
const laterLogText = record({ ...logShape, ...later, setBacks: history(setBack) });

const vote = record({
  member: asMemberId,
  by: asMemberId,
  device: asDeviceId,
  v: oneOf("approve", "reject"),
  note: nullable(words),
  at: number,
});
const request = record({
  id: asHash,
  queue: asQueueId,
  doc: asDocName,
  policy: queuePolicy,
  requester: asMemberId,
  device: asDeviceId,
  server: words,
  tool: words,
  rule: words,
  callHash: asHash,
  jwe: words,
  copies: many(words),
  practice: bool,
  replaces: nullable(asHash),
  replacedBy: nullable(asHash),
  at: number,
  decideBy: number,
  votes: many(vote),
  state: oneOf("pending", "approved", "rejected", "canceled", "replaced", "practiced", "used"),
  decidedAt: nullable(number),
  result: nullable(oneOf("ok", "error", "unknown")),
});
const approvalsShape = {
  ...chain,
  doc: asDocName,
  position: number,
  requests: many(request),
  waiting: many(both(asMemberId, many(asHash))),
};
const approvalsText = record(approvalsShape);
const laterApprovalsText = record({ ...approvalsShape, ...later });
const invite = record({
  id: asInviteId,
  jws: words,
  label: words,
  role: asRoleId,
  expiresAt: number,
  uses: number,
  by: asMemberId,
  at: number,
  member: nullable(asMemberId),
});
const adminShape = { ...chain, doc: asDocName, position: number, invites: many(invite) };
const adminText = record(adminShape);
const laterAdminText = record({ ...adminShape, ...later });

/** Copies `value` with the keys in the order of `shape`, whatever order it was built in. */
const ordered = <T extends object>(of: Parser<T>, value: DeepReadonly<T>): DeepReadonly<T> => {
  const shape = of.parts?.kind === "record" ? of.parts.shape : {};
  return Object.fromEntries(
    Object.keys(shape).map((key) => [key, value[key as keyof DeepReadonly<T>]]),
  ) as DeepReadonly<T>;
};
const writeAhead = ({ ahead }: ReadChain) => (ahead === 0 ? {} : { ahead });
const writeChain = (
  { seq, head: newest, time, counters, spent }: ReadChain,
  commands: Iterable<[Hash, number]>,
  v = stateFormat(1),
) => ({
  v,
  seq,
  head: newest,
  time,
  counters: [...counters],
  commands: [...commands],
  spent: [...spent],
});

/** Exact text of a folded log: a pure function of its entries. */
export const writeState = (log: ReadLog): string => writeLog(log, [...log.hashes].slice(1) as Hash[], log.commands);
/** The text without hashes and commands of the entries. */
export const writeFold = (log: ReadLog): string => writeLog(log, [], []);

const writeLog = (log: ReadLog, hashes: Hash[], commands: Iterable<[Hash, number]>): string => {
  const custom = [...log.roles.values()].filter((versions) => versions[0]?.[1].builtIn !== true);
  const state: DeepReadonly<Parsed<typeof logText>> = {
    ...writeChain(log, commands, stateFormat(levelAt(log))),
    wid: log.wid,
    name: log.name,
    hashes,
    levels: log.levels.map(([position, { to, by, at }]) => [position, { to, by, at }]),
    members: [...log.members.values()].map((item) => ordered(member, item)),
    devices: [...log.devices.values()].map((item) => ordered(device, item)),
    roles: custom.map((versions) =>
      versions.map(([position, { id, name, caps }]) => [position, { id, name, caps: [...caps] }]),
    ),
    inviteUses: [...log.inviteUses],
    invitesRevoked: [...log.invitesRevoked],
    servers: [...log.servers.values()].map((item) => ordered(server, item)),
    policy: log.policy.slice(1).map(([position, item]) => [position, ordered(policy, item)]),
    serverKey: log.serverKey,
    delegations: [...log.delegations],
    epochs: [...log.epochs],
    checkpoint: log.checkpoint === null ? null : { ...log.checkpoint, at: [...log.checkpoint.at] },
  };
  return JSON.stringify({
    ...state,
    ...writeAhead(log),
    ...(log.ahead === 0
      ? {}
      : { setBacks: log.setBacks.map(([position, item]) => [position, ordered(setBack, item)]) }),
  });
};

const fill = (
  chainOf: Chain,
  state: {
    seq: number;
    head: Hash | "";
    time: number;
    ahead?: number;
    counters: [string, number][];
    commands: [Hash, number][];
    spent: [string, Spent][];
  },
): void => {
  chainOf.seq = state.seq;
  chainOf.head = state.head;
  chainOf.time = state.time;
  chainOf.ahead = state.ahead ?? 0;
  for (const [key, n] of state.counters) chainOf.counters.set(key, n);
  for (const [hash, seq] of state.commands) chainOf.commands.set(hash, seq);
  for (const [key, spent] of state.spent) chainOf.spent.set(key, spent);
};

type LogState = Parsed<typeof logText> & Partial<Pick<Parsed<typeof laterLogText>, "ahead" | "setBacks">>;
const parseLog = (source: string): LogState | undefined => {
  const value = json(source);
  return logText(value) ?? laterLogText(value);
};

/** The log that `writeState` wrote, or undefined. Believe it only where its hash is known to be right. */
export const readState = (source: string): Log | undefined => {
  const state = parseLog(source);
  if (state === undefined || state.hashes.length !== state.seq || (state.hashes.at(-1) ?? "") !== state.head)
    return undefined;
  return logOf(state, newLog(state.wid, ["", ...state.hashes]));
};

/** The log that `writeFold` wrote, over the lists that were kept elsewhere. */
export const readFold = (source: string, hashes: Hashes, commands: Commands): Log | undefined => {
  const state = parseLog(source);
  return state === undefined || state.hashes.length > 0 || state.commands.length > 0
    ? undefined
    : logOf(state, newLog(state.wid, hashes, commands));
};

const logOf = (state: LogState, log: Log): Log | undefined => {
  fill(log, state);
  log.name = state.name;
  for (const [position, raise] of state.levels) {
    log.levels.push([position, raise]);
    for (const built of rolesAt(raise.to)) log.roles.get(built.id)?.push([position, built]);
  }
  log.setBacks.push(...(state.setBacks ?? []));
  for (const item of state.members) log.members.set(item.id, item);
  for (const item of state.devices) log.devices.set(item.id, item);
  for (const versions of state.roles) {
    const first = versions[0];
    if (first === undefined) return undefined;
    log.roles.set(
      first[1].id,
      versions.map(([position, { id, name, caps }]) => [
        position,
        { id, name, caps: new Set(caps as Capability[]), builtIn: false },
      ]),
    );
  }
  for (const [id, uses] of state.inviteUses) log.inviteUses.set(id, uses);
  for (const [id, at] of state.invitesRevoked) log.invitesRevoked.set(id, at);
  for (const item of state.servers) log.servers.set(item.id, item);
  for (const item of state.policy) log.policy.push(item);
  log.serverKey = state.serverKey;
  for (const [id, given] of state.delegations) log.delegations.set(id, given);
  for (const [name, epochs] of state.epochs) log.epochs.set(name, epochs as History<number>);
  log.checkpoint = state.checkpoint;
  return log;
};

export const writeApprovals = (doc: ReadApprovalDoc): string =>
  JSON.stringify({
    ...writeChain(doc, doc.commands),
    doc: doc.doc,
    position: doc.position,
    requests: [...doc.requests.values()].map((item) => ordered(request, item)),
    waiting: [...doc.waiting],
    ...writeAhead(doc),
  });

export const readApprovals = (source: string): ApprovalDoc | undefined => {
  const value = json(source);
  const state = approvalsText(value) ?? laterApprovalsText(value);
  if (state === undefined) return undefined;
  const doc = newApprovalDoc(state.doc);
  fill(doc, state);
  doc.position = state.position;
  for (const item of state.requests) doc.requests.set(item.id, item);
  for (const [member, open] of state.waiting) doc.waiting.set(member, open);
  return doc;
};

export const writeAdmin = (doc: ReadAdminDoc): string => adminOf(doc, doc.commands);
export const writeAdminFold = (doc: ReadAdminDoc): string => adminOf(doc, []);
const adminOf = (doc: ReadAdminDoc, commands: Iterable<[Hash, number]>): string =>
  JSON.stringify({
    ...writeChain(doc, commands),
    doc: doc.doc,
    position: doc.position,
    invites: [...doc.invites.values()].map((item) => ordered(invite, item)),
    ...writeAhead(doc),
  });

/** `commands` where `writeAdminFold` wrote the text and they were kept elsewhere. */
export const readAdmin = (source: string, commands?: Commands): AdminDoc | undefined => {
  const value = json(source);
  const state = adminText(value) ?? laterAdminText(value);
  if (state === undefined || (commands !== undefined && state.commands.length > 0)) return undefined;
  const doc = newAdminDoc(state.doc as DocName, commands);
  fill(doc, state);
  doc.position = state.position;
  for (const item of state.invites) doc.invites.set(item.id, item);
  return doc;
};
