/** What the log can say, the screens have words for: a new right or kind of act must bring its own. */
import { expect, test } from "vitest";
import { bodies } from "#core/command.ts";
import { CAPABILITIES } from "#core/roles.ts";
import { documentWords, kindWords } from "../../../renderer/text/audit.ts";
import { capabilityGroups } from "../../../renderer/text/roles.ts";
import { capabilityWords } from "../../../renderer/text/team.ts";

test("[T7] every right has words, and stands in exactly one group of the role editor", () => {
  expect(Object.keys(capabilityWords).sort()).toEqual([...CAPABILITIES].sort());
  expect(capabilityGroups.flatMap(({ capabilities }) => capabilities).sort()).toEqual([...CAPABILITIES].sort());
});

test("[T14] every kind of act has words", () => {
  expect(Object.keys(kindWords).sort()).toEqual(Object.keys(bodies).sort());
  const named = (id: string) => (id === "approvers" ? "Second look" : id);
  const shown = ["log", "admin", "queue:approvers", "queue:approvers@3", "queue:gone"].map((doc) => documentWords(doc, named));
  expect(shown).toEqual(["the member log", "the invites", "the queue Second look", "the queue Second look, epoch 3", "the queue gone"]);
});
