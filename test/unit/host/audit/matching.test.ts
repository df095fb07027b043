/** The search in the audit finds what the window shows, whatever language that is in. */
import { expect, test } from "vitest";
import { startedIn } from "../../../helpers/started-in.ts";
import { why } from "#core/facts/why.ts";
import type { AuditMatch } from "#bridge/audit.ts";
import type { Line } from "../../../../electron/host/audit/book.ts";

const line = {
  who: "Ada",
  member: "ada",
  role: ["owner", "Owner"],
  kind: "member.remove",
  act: why("act.removed", ["ben", "Ben"] as never),
  rule: [why("role-may", ["owner", "Owner"] as never, "members.remove")],
  votes: null,
  result: "done",
  setBack: 0,
} as unknown as Line;
const find = (text: string): AuditMatch => ({ member: null, kind: null, text });

/** The host as it is started by a shell that speaks that language. */
const speaking = async (tag: string) => {
  startedIn(tag);
  const { matcher } = await import("../../../../electron/host/audit/matching.ts");
  const { rowActWords } = await import("#text/facts.ts");
  return { finds: (text: string) => matcher(find(text))(line), shown: rowActWords(line) };
};

test.each(["en", "en-XA"])("[AU1] the words of a row are found as a window that speaks %s shows them", async (tag) => {
  const { finds, shown } = await speaking(tag);
  expect(finds(shown)).toBe(true);
  // Names, kinds and codes are the same in every language.
  expect(["ben", "ada owner", "member.remove done"].map(finds)).toEqual([true, true, true]);
  expect(finds("invited")).toBe(false);
});

test("[AU1] words of another language than the one that is shown are not found (control)", async () => {
  const english = await speaking("en");
  const other = await speaking("en-XA");
  expect(other.shown).not.toBe(english.shown);
  expect([english.finds(other.shown), other.finds(english.shown)]).toEqual([false, false]);
});
