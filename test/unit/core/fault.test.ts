import { expect, test } from "vitest";
import { faultOf, frameOf, FRAMES_MAX } from "#core/facts/fault.ts";

const CANARY = "canary-of-a-private-text";
const kept = (error: unknown): string => JSON.stringify(faultOf(error));
const thrownHere = (message: string): Error => new TypeError(message);

test("[T23] an error keeps its kind, its code and its frames, and nothing of its message", () => {
  const error = Object.assign(thrownHere(`no file ${CANARY}`), { code: "ENOSPC", path: `/home/ada/${CANARY}` });
  expect(kept(error)).not.toContain(CANARY);
  // Control: what is kept says where it came from.
  expect(faultOf(error)).toMatchObject({ name: "TypeError", code: "ENOSPC" });
  expect(faultOf(error).stack[0]).toMatch(/^at thrownHere \(fault\.test\.ts:\d+:\d+\)$/);
});

test("[T23] a message that looks like frames, a name or a code that is a text, and folders of this computer are left out", () => {
  const disguised = [
    new Error(`first line\n    at ${CANARY} (/home/ada/${CANARY}.txt:1:1)\n    at read (/home/${CANARY}/a.ts:1:1)`),
    Object.assign(new Error("x"), { code: CANARY }),
    Object.assign(new Error("x"), { code: `E ${CANARY.toUpperCase()}` }),
    Object.assign(new Error("x"), { name: CANARY }),
    Object.assign(new Error("x"), { stack: `Error: x\n    at my ${CANARY} (a.ts:1:1)\n    at the words ${CANARY}` }),
    Object.assign(new Error(CANARY), { stack: `Error: ${CANARY} was changed\n    at ${CANARY}` }),
  ];
  for (const error of disguised) expect(kept(error)).not.toContain(CANARY);
  expect(frameOf("    at Object.start (file:///home/ada/bulkhead/app.ts:10:3)")).toBe("at Object.start (app.ts:10:3)");
  expect(frameOf("    at async open (C:\\Users\\Ada\\bulkhead\\app.js:10:3)")).toBe("at open (app.js:10:3)");
  expect(frameOf("    at bulkhead-app://main/assets/index-Bx_1.js:3:99")).toBe("at index-Bx_1.js:3:99");
  expect(frameOf("    at Ada said hello (note.ts:1:1)")).toBeNull();
});

test("what is no error, and one without end, stay small", () => {
  const deep = (n: number): Error => (n === 0 ? new Error("deep") : deep(n - 1));
  expect(faultOf(deep(50)).stack.length).toBeLessThanOrEqual(FRAMES_MAX);
  for (const thrown of [CANARY, null, undefined, { message: CANARY }, 7])
    expect(faultOf(thrown)).toEqual({ name: "NoError", stack: [] });
});
