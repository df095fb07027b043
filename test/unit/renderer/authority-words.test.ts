/** What the log can say, the screens have words for: a new right or kind of act must bring its own. */
import { expect, test } from "vitest";
import { bodies } from "#core/protocol/command.ts";
import { CAPABILITIES } from "#core/protocol/capabilities.ts";
import type { Told } from "#bridge/told.ts";
import { why } from "#core/facts/why.ts";
import type { MemberId } from "#core/protocol/ids.ts";
import { chipOf, documentWords, kindWords } from "../../../renderer/text/audit.ts";
import { capabilityGroups } from "../../../renderer/text/roles.ts";
import { capabilityWords } from "../../../renderer/text/team.ts";
import { noted } from "../../helpers/worded.ts";

test("[T7] every right has words, and stands in exactly one group of the role editor", () => {
  expect(Object.keys(capabilityWords).sort()).toEqual([...CAPABILITIES].sort());
  expect(capabilityGroups.flatMap(({ capabilities }) => capabilities).sort()).toEqual([...CAPABILITIES].sort());
});

test("[T14] every kind of act has words", () => {
  expect(Object.keys(kindWords).sort()).toEqual(Object.keys(bodies).sort());
  const named = (id: string) => (id === "approvers" ? "Second look" : id);
  const shown = ["log", "admin", "queue:approvers", "queue:approvers@3", "queue:gone"].map((doc) =>
    documentWords(doc, named),
  );
  expect(shown).toEqual([
    "the member log",
    "the invites",
    "the queue Second look",
    "the queue Second look, epoch 3",
    "the queue gone",
  ]);
});

test("[T14] every act says in its chip what happened, and a request what became of it", () => {
  const chip = (kind: string, result = "done", act: Told = noted("")) => chipOf({ kind, act, result })?.word ?? null;
  const plain = Object.keys(bodies).filter(
    (kind) => !["approval.vote", "approval.cancel", "approval.used"].includes(kind),
  );
  expect(plain.filter((kind) => chip(kind) === null)).toEqual([]);
  expect(
    ["device.add", "device.revoke", "device.rotate", "invite.revoke", "member.remove"].map((kind) => chip(kind)),
  ).toEqual(["Added", "Revoked", "Key replaced", "Revoked", "Removed"]);
  expect([
    chip("member.remove", "done", why("act.left")),
    chip("member.join", "done", why("act.joined")),
    chip("member.join", "done", why("act.came-back", ["a" as MemberId, "Ada"])),
  ]).toEqual(["Left", "Joined", "Came back"]);
  expect(["pending", "approved", "rejected", "practiced"].map((state) => chip("approval.vote", state))).toEqual([
    "Undecided",
    "Approved",
    "Rejected",
    "Practiced",
  ]);
  expect(["ok", "error", "unknown"].map((result) => chip("approval.used", result))).toEqual([
    "Ran",
    "Failed",
    "Outcome unknown",
  ]);
  expect([
    chip("approval.request", "pending"),
    chip("approval.cancel", "canceled"),
    chip("approval.rewrap", "pending"),
  ]).toEqual(["Asked", "Canceled", "Sealed again"]);
  expect([chip("member.fly"), chip("constructor", "toString")]).toEqual([null, null]);
});
