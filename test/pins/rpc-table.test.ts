/**
 * Which window may call what, and with which right, written out. Opening a method to a window, or taking a right from
 * it, is a change of this list that somebody reads.
 */
import { expect, test } from "vitest";
import { methods, topics } from "#bridge/contract.ts";
import { actMethods } from "#bridge/act.ts";
import { appMethods } from "#bridge/app.ts";
import { auditMethods } from "#bridge/audit.ts";
import { callMethods } from "#bridge/call.ts";
import { cardMethods } from "#bridge/card.ts";
import { deviceMethods } from "#bridge/device.ts";
import { evidenceMethods } from "#bridge/evidence.ts";
import { inviteMethods } from "#bridge/invite.ts";
import { listMethods } from "#bridge/list.ts";
import { memberMethods } from "#bridge/member.ts";
import { modelMethods } from "#bridge/model.ts";
import { pairingMethods } from "#bridge/pairing.ts";
import { policyMethods } from "#bridge/policy.ts";
import { roleMethods } from "#bridge/role.ts";
import { threadMethods } from "#bridge/thread.ts";
import { toolMethods } from "#bridge/tool.ts";
import { workspaceMethods } from "#bridge/workspace.ts";

type Row = (typeof methods)[keyof typeof methods] | (typeof topics)[keyof typeof topics];
const needsOf = ({ needs }: Row): string => {
  if (typeof needs === "string") return needs;
  if ("none" in needs) return `(${needs.none})`;
  return "in" in needs ? "(its handler asks)" : needs.join(" + ");
};
const lines = (rows: Readonly<Record<string, Row>>): string[] =>
  Object.entries(rows)
    .map(([name, row]) => `${name}: ${row.windows.join(" + ")}: ${needsOf(row)}`)
    .sort();

test("the table of methods is this one", () => {
  expect(lines(methods)).toMatchInlineSnapshot(`
    [
      "act.answer: popup: (here)",
      "audit.checkAdd: main: (here)",
      "audit.checkNext: main: (here)",
      "audit.checkStart: main: (here)",
      "audit.checkStop: main: (here)",
      "audit.entry: main: audit.read",
      "audit.exportNext: main: audit.read + audit.export",
      "audit.exportStart: main: audit.read + audit.export",
      "audit.page: main: audit.read",
      "call.cancel: main: (self)",
      "call.edit: main: threads.create + tools.use",
      "call.ofRequest: main: (reads)",
      "call.present: main: (reads)",
      "card.decide: popup: (its handler asks)",
      "card.get: main + popup: (its handler asks)",
      "card.reason: main + popup: (here)",
      "card.show: main: (its handler asks)",
      "delegation.clear: main: (self)",
      "delegation.set: main: approvals.decide",
      "device.replaceKey: main: (self)",
      "device.revoke: main: (its handler asks)",
      "fault.report: main + popup: (here)",
      "invite.create: main: members.invite",
      "invite.inspect: main: (reads)",
      "invite.join: main: (self)",
      "invite.revoke: main: members.invite",
      "link.take: main: (here)",
      "list.page: main + popup: (its handler asks)",
      "list.row: main + popup: (its handler asks)",
      "member.explain: main: (reads)",
      "member.givePromised: main + popup: members.assign",
      "member.letBack: main: members.invite + members.remove",
      "member.refusePromised: main + popup: members.assign",
      "member.remove: main: (its handler asks)",
      "member.setRole: main: members.assign",
      "model.add: main: (here)",
      "model.detect: main: (here)",
      "model.remove: main: (here)",
      "model.setDefault: main: (here)",
      "model.setRunsHere: main: (here)",
      "model.test: main: (here)",
      "pair.answer: popup: (self)",
      "pair.arrive: main: (self)",
      "pair.inspect: main: (reads)",
      "pair.offer: main: (self)",
      "pair.show: main: (here)",
      "pair.stop: main: (here)",
      "policy.arguments: main: (reads)",
      "policy.change: main: policy.edit",
      "policy.preview: main: (reads)",
      "policy.queueRemoval: main: (reads)",
      "policy.since: main: (reads)",
      "policy.try: main: (reads)",
      "policy.undo: main: policy.edit",
      "practice.ask: main: tools.use",
      "practice.withdraw: main: (self)",
      "profile.set: main: (self)",
      "report.get: main: (reads)",
      "role.define: main: members.assign",
      "run.stop: main: (self)",
      "search: main: (reads)",
      "server.accept: main: (here)",
      "server.add: main: tools.configure + policy.edit",
      "server.log: main: (reads)",
      "server.parse: main: (reads)",
      "server.probe: main: tools.configure + policy.edit",
      "server.remove: main: tools.configure + policy.edit",
      "server.restart: main: (here)",
      "settings.set: main: (here)",
      "thread.aside: main: (here)",
      "thread.callTool: main: threads.create + tools.use",
      "thread.create: main: threads.create",
      "thread.delete: main: (here)",
      "thread.draft: main: (reads)",
      "thread.find: main: (reads)",
      "thread.page: main: (reads)",
      "thread.rename: main: (here)",
      "thread.retry: main: threads.create",
      "thread.saveDraft: main: (here)",
      "thread.send: main: threads.create",
      "thread.sendUnread: main: threads.create",
      "thread.setModel: main: (here)",
      "thread.takeBack: main: (here)",
      "tool.accept: main: tools.configure",
      "tool.withdraw: main: tools.configure",
      "unwatch: main + popup: (reads)",
      "watch: main + popup: (its handler asks)",
      "workspace.checkpoint: main: (its handler asks)",
      "workspace.compared: main: (here)",
      "workspace.create: main: (self)",
      "workspace.evidence: main: (reads)",
      "workspace.evidenceFile: main: (reads)",
      "workspace.fingerprint: main: (reads)",
      "workspace.forget: main: (here)",
      "workspace.letReach: main: (here)",
      "workspace.pause: main: (here)",
      "workspace.raise: main: (its handler asks)",
      "workspace.reach: main: (reads)",
      "workspace.reconnect: main: (here)",
    ]
  `);
});

test("the table of topics is this one", () => {
  expect(lines(topics)).toMatchInlineSnapshot(`
    [
      "app: main + popup: (reads)",
      "arrivals: main + popup: (reads)",
      "audit: main: (its handler asks)",
      "cards: main + popup: (its handler asks)",
      "invites: main: (its handler asks)",
      "models: main: (reads)",
      "pairing: main: (reads)",
      "policy: main: (reads)",
      "status: main + popup: (reads)",
      "team: main + popup: (reads)",
      "thread: main: (reads)",
      "threads: main: (reads)",
      "tools: main: (reads)",
    ]
  `);
});

test("no noun takes a name that another one has", () => {
  const nouns = [
    actMethods,
    appMethods,
    auditMethods,
    callMethods,
    cardMethods,
    deviceMethods,
    evidenceMethods,
    inviteMethods,
    listMethods,
    memberMethods,
    modelMethods,
    pairingMethods,
    policyMethods,
    roleMethods,
    threadMethods,
    toolMethods,
    workspaceMethods,
  ];
  const names = nouns.flatMap((noun) => Object.keys(noun));
  expect([...names, "watch", "unwatch"].sort()).toEqual(Object.keys(methods).sort());
});
