/** What a model is told of a call is the same English on every computer, whatever its person reads. */
import { expect, test } from "vitest";
import { startedIn } from "../../../helpers/started-in.ts";
import { why } from "#core/facts/why.ts";
import type { RuleFact } from "#core/facts/why.ts";
import { REJECTS } from "#core/facts/reject.ts";
import { told } from "#bridge/told.ts";
import { ALL_SAMPLES } from "../../renderer/fact-samples/all.ts";

/** The host as it is started by a shell that speaks that language. */
const speaking = async (tag: string) => {
  startedIn(tag);
  const { outcomeText } = await import("../../../../electron/host/agent/words.ts");
  const { factWords, modelWords } = await import("#text/facts.ts");
  const { WORDS_BY_ROOM } = await import("#text/room-words.ts");
  return { outcomeText, factWords, modelWords, codes: Object.values(WORDS_BY_ROOM).flatMap(Object.keys) };
};

const rule: RuleFact = {
  tool: "write_file",
  tools: ["write_file"],
  except: false,
  server: ["s" as never, "files"],
  args: [{ path: "path", op: "under", value: "/etc" }],
  roles: [["crew" as never, "Crew"]],
  does: ["deny"],
  linksUnseen: true,
};
/** Of several rooms, with facts inside facts, with tables of words beside the sentence, with numbers and lengths. */
const REASONS = [
  why("rule", rule),
  why("role-may-not", ["crew" as never, "Crew"], "tools.use"),
  told("rule-changed", why("no-rule", ["ask", ["q" as never, "Deploys"]])),
  told("tool-args-misfit", "path", "kind", "string"),
  told("tool-rate-limited", "files", 30, 60),
  told("call-unknown-after", told("tool-server-ended")),
  told("enclosure-too-large", ["why", "file"]),
];
const call = (reason: unknown) => ({ state: "refused", reason, result: null, decidedBy: null }) as never;

test("FC2 the reason of a call reaches the model in English where its person reads another language", async () => {
  const english = await speaking("en");
  const other = await speaking("en-XA");
  for (const reason of REASONS) {
    const sentence = english.factWords(reason);
    expect(english.outcomeText(call(reason))).toBe(`Refused. The call was not made. Reason: ${sentence}`);
    expect(other.outcomeText(call(reason))).toBe(`Refused. The call was not made. Reason: ${sentence}`);
    // The person reads the other one, before and after a model was told.
    expect(other.factWords(reason)).toMatch(/^⟦.*⟧$/s);
  }
});

test("FC2 so does every other fact of every room", async () => {
  const english = await speaking("en");
  const other = await speaking("en-XA");
  const samples = ALL_SAMPLES as Readonly<Record<string, readonly unknown[]>>;
  expect(english.codes.length).toBeGreaterThan(300);
  for (const code of [...english.codes, ...REJECTS]) {
    const fact = { code, args: samples[code] ?? [] };
    expect([code, other.modelWords(fact)]).toEqual([code, english.factWords(fact)]);
  }
});

test("a note stays as its author wrote it", async () => {
  const { outcomeText } = await speaking("en-XA");
  expect(
    outcomeText({
      ...(call(told("note", "Nicht am Freitag")) as object),
      state: "rejected",
      decidedBy: told("note", "Ada"),
    } as never),
  ).toBe("Rejected by Ada. The call was not made. Reason: Nicht am Freitag");
});
