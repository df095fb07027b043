/**
 * The verified state as it is handed out cannot be written. These are checks of the type checker: each line under
 * `@ts-expect-error` is an error of the whole build where it compiles. None of it is run.
 */
import { expect, test } from "vitest";
import type { Live } from "#client/live.ts";
import type { MemberId, RoleId, WorkspaceId } from "#core/protocol/ids.ts";
import { may } from "#core/rules/may.ts";
import { newApprovalDoc, newLog } from "#core/rules/state.ts";
import type { Log } from "#core/rules/state.ts";
import type { ReadApprovalDoc, ReadLog } from "#core/rules/read.ts";
import type { Body } from "#core/protocol/command.ts";
import type { Workspace } from "../../../sync-server/server/order/workspace.ts";

const ada = "ada" as MemberId;
const owner = "owner" as RoleId;

export const readers = (log: ReadLog, queue: ReadApprovalDoc, live: Live, node: Workspace): void => {
  // @ts-expect-error -- nobody becomes Owner by a view
  live.log.members.get(live.me)?.role.push([live.log.seq, owner]);
  // @ts-expect-error -- nobody loses a device by a view
  live.log.devices.clear();
  // @ts-expect-error -- the key of the server is the log's
  live.log.serverKey = null;
  // @ts-expect-error -- nor through the copy that it is held in
  live.replica.log.members.delete(ada);
  // @ts-expect-error -- the list of hashes is the fold's
  log.hashes.push("");
  // @ts-expect-error -- nor what was folded already
  log.commands.set("", 1);
  // @ts-expect-error -- a rule of the policy in force is a value
  log.policy[0]?.[1].rules[0]?.roles.push(owner);
  // @ts-expect-error -- a sort would be a write too
  log.members.get(ada)?.appointed.sort();
  // @ts-expect-error -- a vote is the queue's
  [...queue.requests.values()][0]?.votes.pop();
  // @ts-expect-error -- nor is a decision somebody's to make here
  [...live.replica.approvals(queue.doc).requests.values()].forEach((request) => (request.state = "approved"));
  // @ts-expect-error -- the server's own admission and fan-out only read as well
  node.log.members.clear();
};

/** What a command says is read and never mended. */
export const bodies = (body: Body<"policy.set">): void => {
  // @ts-expect-error -- a body is a value
  body.rules.push(body.rules[0]);
};

export const theFold = (log: Log): void => {
  log.members.get(ada)?.role.push([log.seq, owner]);
  log.devices.clear();
  log.serverKey = null;
};

test("what reads the verified state can read what the fold wrote, and the fold's own type still writes", () => {
  const log = newLog("workspace" as WorkspaceId);
  theFold(log);
  const read: ReadLog = log;
  const queue: ReadApprovalDoc = newApprovalDoc(log.doc);
  expect(may(read, ada, "policy.edit").allowed).toBe(false);
  expect(queue.requests.size).toBe(0);
});
