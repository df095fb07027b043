/**
 * Every field that the server holds, and what it is for. A test compares this list with the parsers, so a field cannot be
 * added without a line here, and there is none in which a conversation could travel.
 *
 * Beside the entries the server keeps the name and position of each (`wid`, `doc`, `seq`) and its own signing key.
 */
import { bodies, commandPayload, genesisText, invitePayload, signedHeader } from "./command.ts";
import { laterElsewhere, laterInLog } from "./entry.ts";
import { fieldPaths } from "./parse.ts";
import type { Parser } from "./parse.ts";

const rulesIn = (at: string): Record<string, string> => ({
  [`${at}rules[].id`]: "id",
  [`${at}rules[].server`]: "server, or null for all",
  [`${at}rules[].tools[]`]: "names of tools",
  [`${at}rules[].except`]: "whether it is about all tools but these",
  [`${at}rules[].args[].path`]: "where in the arguments a condition looks",
  [`${at}rules[].args[].op`]: "how it compares",
  [`${at}rules[].args[].value`]: "with what, as typed",
  [`${at}rules[].roles[]`]: "roles that it is about",
  [`${at}rules[].effect.kind`]: "allow, confirm, ask or deny",
  [`${at}rules[].effect.queue`]: "queue that is asked",
});

const OWN_DEVICE: Record<string, string> = {
  "device.name": "name of the computer as typed, or null",
  "device.version": "version of the app",
  "device.knows": "newest level that it knows",
};

/** Group, then path: lists end in `[]`. Groups are the parts of an entry, and the kinds of command. */
export const SYNCED_FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  entry: {
    s: "position in the document",
    p: "hash of the entry before it",
    t: "server's time, ms",
    c: "the signed command",
    "m[]": "position and hash of the member log at which it was judged; absent in the log itself",
    a: "how far the workspace's time runs ahead of that date, ms; absent where the server's clock was never set back",
  },
  "signed header": { alg: "always Ed25519", typ: "purpose of the signature", kid: "device that signed" },
  command: {
    v: "version",
    w: "workspace",
    d: "document",
    n: "counter of the device in the document",
    "seen[]": "position and hash of the member log that the author had seen",
    exp: "when it ends if it is not delivered, ms",
    k: "kind",
    x: "whether who does not know the kind must stop there",
    b: "body: one of the kinds below",
  },
  founding: {
    workspace: "name of the workspace",
    member: "founder's id, random",
    name: "founder's name as typed",
    x: "public signing key",
    enc: "public encryption key",
    ...OWN_DEVICE,
    salt: "random",
  },
  invite: {
    v: "version",
    w: "workspace",
    id: "id, from the invite's public key",
    x: "the invite's public key; its secret is only in the link",
    role: "role that it gives",
    exp: "end, ms",
    uses: "how many may join",
    mode: "whether an Admin confirms",
    member: "the member who comes back with it, or null",
  },
  genesis: { text: "JSON of `founding`" },
  "member.join": {
    member: "id, random",
    name: "name as typed",
    x: "public signing key",
    enc: "public encryption key",
    ...OWN_DEVICE,
    invite: "the signed `invite`",
    proof: "signature of the invite's key over these keys",
  },
  "workspace.level": { from: "level before", to: "level after" },
  "member.role": { member: "whose role", from: "role before", to: "role after" },
  "member.refuse": { member: "who does not get the role that their invite promised" },
  "member.rename": { name: "the own name, as typed" },
  "member.remove": { member: "who leaves" },
  "device.add": {
    x: "public signing key",
    enc: "public encryption key",
    pop: "signature of the new key",
    kind: "desktop, phone or runner",
    name: "name as typed, or null",
  },
  "device.knows": { version: "version of the app", knows: "newest level that it knows" },
  "device.revoke": { device: "which device" },
  "device.rotate": { x: "public signing key", enc: "public encryption key", pop: "signature of the new key" },
  "role.define": { id: "id", name: "name as typed", "caps[]": "rights" },
  "invite.create": { invite: "the signed `invite`", label: "note for who invites and who audits, as typed" },
  "invite.revoke": { id: "which invite" },
  "tool.define": {
    id: "id, random",
    name: "name as typed",
    "launch.kind": "stdio or http",
    "launch.command": "program",
    "launch.args[]": "its arguments; ${NAME} stands for a value of each computer",
    "launch.env[].name": "name of an environment variable; never its value",
    "launch.env[].secret": "whether its value is hidden on the screen and in the server's log",
    "launch.vars[].name": "name of a value that arguments, address or headers use; never the value",
    "launch.vars[].secret": "whether its value is hidden on the screen and in the server's log",
    "launch.url": "address; ${NAME} stands for a value of each computer",
    "launch.headers[].name": "name of a header of each request",
    "launch.headers[].value": "its value; ${NAME} stands for a value of each computer",
    "tools[].name": "name of a tool",
    "tools[].schema": "hash of its schema",
    "tools[].readOnly": "what the tool says of itself",
    "tools[].destructive": "what the tool says of itself",
    "policy.base": "position of the policy to which rules are added",
    ...rulesIn("policy."),
  },
  "tool.remove": { id: "which server" },
  "tool.accept": {
    server: "which server",
    base: "position of its definition",
    tool: "name of a tool",
    schema: "hash of what the tool says of itself now",
    readOnly: "what the tool says of itself",
    destructive: "what the tool says of itself",
  },
  "tool.withdraw": {
    server: "which server",
    base: "position of its definition",
    tool: "name of a tool",
    schema: "hash that is not accepted any more",
  },
  "policy.set": {
    base: "position of the policy that it replaces",
    unnamed: "what a call gets that no rule names",
    ...rulesIn(""),
    "queues[].id": "id",
    "queues[].name": "name as typed",
    "queues[].all[].n": "how many approvals",
    "queues[].all[].roles[]": "of these roles",
    "queues[].all[].members[]": "or of these people",
    "queues[].deny": "how many rejections decide",
    "queues[].decideMs": "time to decide",
    "queues[].useMs": "time to use",
    "queues[].steps[].afterMs": "when a rung of escalation begins",
    "queues[].steps[].all[].n": "how many approvals from then on",
    "queues[].steps[].all[].roles[]": "of these roles",
    "queues[].steps[].all[].members[]": "or of these people",
    "queues[].practice": "whether practice is allowed",
    "queues[].oneForTwo": "whether one person counts for those in whose place they stand too",
    "queues[].phone": "what votes from phones count",
    "queues[].grants": "whether calls may be agreed to ahead",
    "queues[].independent": "whether people whom the requester brought in lately do not count",
  },
  "server.key": { x: "public key with which the server signs heads" },
  checkpoint: { v: "format of the state", "at[]": "position and hash before it", stateHash: "hash of the state there" },
  "epoch.open": { doc: "queue or lane", n: "number of its next epoch" },
  "approval.delegate": { to: "who stands in", until: "until when, ms" },
  "approval.undelegate": {},
  "approval.request": {
    ttlMs: "time to decide",
    server: "name of the tool server",
    tool: "name of the tool",
    rule: "id of the rule that asked",
    callHash: "hash of the exact call, salted",
    jwe: "arguments and what the requester encloses, sealed to the approvers' and the requester's devices",
    replaces: "the request that it edits, or null",
    practice: "whether it is practice",
  },
  "approval.vote": { request: "which request", v: "approve or reject", note: "note, sealed, or null" },
  "approval.cancel": { request: "which request" },
  "approval.rewrap": { request: "which request", jwe: "the same text, sealed to devices that came later" },
  "approval.used": { request: "which request", result: "ok, error or unknown; never the result itself" },
};

/** The same list as the parsers have it. */
export const acceptedFields = (): Record<string, string[]> => {
  const groups: [string, Parser<unknown>[]][] = [
    ["entry", [laterInLog, laterElsewhere]],
    ["signed header", [signedHeader]],
    ["command", [commandPayload]],
    ["founding", [genesisText]],
    ["invite", [invitePayload]],
    ...Object.entries(bodies).map(([kind, body]): [string, Parser<unknown>[]] => [kind, [body]]),
  ];
  return Object.fromEntries(
    groups.map(([group, parsers]) => [group, [...new Set(parsers.flatMap((parser) => fieldPaths(parser, "")))]]),
  );
};
