import { wordsOf } from "../../../helpers/worded.ts";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { callHash, callText } from "../../../../electron/host/gate/call-hash.ts";
import { holdsCall, NOTHING, readOpened, sealedText, sealWithin } from "../../../../electron/host/gate/enclosure.ts";
import type { Enclosure } from "../../../../electron/host/gate/enclosure.ts";

const facts = {
  workspace: "w",
  requester: "m",
  device: "d",
  server: { id: "s", launch: "l" },
  tool: "t",
  schema: "x",
  args: '{"path":"/notes/a.txt","content":"new"}',
  salt: "salt",
};
const call = callText(facts);
const hash = callHash(call);
const before = { argument: "content", path: "/notes/a.txt", text: "old", cut: false };
const full: Enclosure = { why: "The notes are out of date.", before };
/** The text as somebody with a modified app writes it. */
const written = (over: Record<string, unknown>): string =>
  JSON.stringify({ v: 2, call, why: null, before: null, ...over });

describe("[T31] what is sealed to approvers", () => {
  test("is written like this, for ever", () => {
    expect(sealedText("c", full)).toBe(
      '{"v":2,"call":"c","why":"The notes are out of date.","before":{"argument":"content","path":"/notes/a.txt","text":"old","cut":false}}',
    );
    expect(sealedText("c", NOTHING)).toBe('{"v":2,"call":"c","why":null,"before":null}');
  });

  test("is read as it was written, and its call has the signed hash", () => {
    expect(readOpened(sealedText(call, full), hash)).toMatchObject({
      call: { args: facts.args, tool: "t" },
      ...full,
      problem: null,
    });
    expect(readOpened(sealedText(call, NOTHING), hash)).toMatchObject({
      call: { args: facts.args },
      ...NOTHING,
      problem: null,
    });
    expect(holdsCall(sealedText(call, full), hash)).toBe(true);
  });

  test("is not read where anything of it is of another shape", () => {
    const odd = [
      "",
      "null",
      "[]",
      "{}",
      call,
      written({ v: 1 }),
      written({ more: 1 }),
      written({ why: 1 }),
      written({ why: ["Approved"] }),
      written({ why: "x".repeat(501) }),
      written({ why: undefined }),
      written({ before: "old" }),
      written({ before: { ...before, more: 1 } }),
      written({ before: { ...before, cut: "no" } }),
      written({ before: { ...before, path: "/".repeat(1_025) } }),
      written({ before: { ...before, argument: "x".repeat(201) } }),
      written({ before: { ...before, text: "x".repeat(262_145) } }),
      written({ before: { argument: "content", path: "/notes/a.txt", text: "old" } }),
      written({ call: JSON.parse(call) }),
      written({ call: null }),
    ];
    for (const text of odd) expect(readOpened(text, hash), text.slice(0, 200)).toBeNull();
    expect(readOpened(written({}), hash)).not.toBeNull();
  });

  test("is not read where its call is not the one that was signed, whatever stands beside it", () => {
    const other = callText({ ...facts, args: '{"path":"/etc/passwd","content":"new"}' });
    expect(readOpened(written({ call: other }), hash)).toBeNull();
    expect(readOpened(written({ call: other, why: call }), hash)).toBeNull();
    expect(readOpened(written({ call: "", why: call.slice(0, 500) }), hash)).toBeNull();
    expect(holdsCall(written({ call: other }), hash)).toBe(false);
    expect(holdsCall(call, hash)).toBe(false);
    expect(readOpened(written({ call: other }), callHash(other))?.call.args).toContain("/etc/passwd");
  });

  test("is not read where two readers could read it differently", () => {
    const once = sealedText(call, full);
    for (const text of [
      ` ${once}`,
      `${once}\n`,
      once.replace('"why":', '"why":"Approved by Cleo.","why":'),
      `{"call":${JSON.stringify(call)},"v":2,"why":null,"before":null}`,
    ])
      expect(readOpened(text, hash), text.slice(0, 60)).toBeNull();
  });

  test("shows no file that the call does not name, and says so", () => {
    for (const wrong of [
      { ...before, path: "/notes/other.txt" },
      { ...before, argument: "path" },
      { ...before, argument: "missing" },
      { ...before, argument: "__proto__" },
    ]) {
      expect(readOpened(sealedText(call, { why: "w", before: wrong }), hash)).toMatchObject({
        why: "w",
        before: null,
        problem: { code: "enclosure-unfit" },
      });
    }
  });
});

describe("[T31] where it all is too large", () => {
  /** As long as what it seals: the limit can be set to the character. */
  const seal = (text: string): Promise<string> => Promise.resolve(text);
  const length = (enclosure: Enclosure): number => sealedText(call, enclosure).length;
  const shown = async (max: number) => {
    const sealed = await sealWithin(call, full, max, seal);
    return sealed === null ? null : { ...sealed, opened: readOpened(sealed.jwe, hash) };
  };

  test("the file goes first, then the words, never the call; the card and the requester are told", async () => {
    expect(await shown(length(full))).toMatchObject({
      enclosed: { why: full.why, file: "/notes/a.txt", tooLarge: [] },
      opened: { ...full, problem: null },
    });
    const noFile = await shown(length(full) - 1);
    expect(noFile).toMatchObject({
      enclosed: { why: full.why, file: null, tooLarge: ["file"] },
      opened: { why: full.why, before: null, problem: { code: "enclosure-too-large" } },
    });
    expect(wordsOf(noFile?.opened?.problem)).toContain("file");
    const neither = await shown(length({ why: "", before: { ...before, text: "", cut: true } }));
    expect(neither).toMatchObject({
      enclosed: { why: null, file: null, tooLarge: ["why", "file"] },
      opened: { call: { args: facts.args }, why: null, before: null, problem: { code: "enclosure-too-large" } },
    });
    expect(wordsOf(neither?.opened?.problem)).toContain("words");
    const least = length({ why: "", before: null });
    expect((await shown(least))?.opened).toMatchObject({
      call: { args: facts.args },
      why: null,
      before: null,
      problem: { code: "enclosure-too-large" },
    });
    expect(await shown(least - 1)).toBeNull();
  });

  test("an empty file is not one that was left out", () => {
    expect(readOpened(sealedText(call, { why: null, before: { ...before, text: "" } }), hash)).toMatchObject({
      before: { text: "" },
      problem: null,
    });
  });
});

describe("[T19] [T31] whatever is written beside a call", () => {
  const words = fc.option(
    fc.string({ unit: "binary", maxLength: 500 }).filter((text) => text.length <= 500),
    { nil: null },
  );
  const file = fc.option(
    fc.record({
      argument: fc.constantFrom("content", "path", "other"),
      path: fc.string({ maxLength: 40 }),
      text: fc.string({ unit: "binary", maxLength: 300 }),
      cut: fc.boolean(),
    }),
    { nil: null },
  );
  const values = fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 });

  test("its hash is the same, and what would run is read the same", () => {
    fc.assert(
      fc.property(words, file, values, (why, beside, args) => {
        const exact = callText({ ...facts, args: JSON.stringify(args) });
        const read = readOpened(sealedText(exact, { why, before: beside }), callHash(exact));
        const alone = readOpened(sealedText(exact, NOTHING), callHash(exact));
        expect(read?.call).toEqual(alone?.call);
        expect(read?.call.args).toBe(JSON.stringify(args));
      }),
    );
  });
});
