import { expect, test } from "vitest";
import { methods, type Method } from "#bridge/contract.ts";
import { told } from "#bridge/told.ts";
import type { WindowKind } from "#bridge/shell-port.ts";
import { admit, type Rights } from "../../../../electron/host/rpc/admit.ts";
import { SAMPLE_WID, sampleCalls } from "../../../helpers/sample-calls.ts";
import { noted } from "../../../helpers/worded.ts";

const every = Object.keys(methods) as Method[];
const listening = (allowed: (right: string) => boolean = () => true) => {
  const questions: string[] = [];
  const rights: Rights = {
    may: (wid, right) => {
      questions.push(`${right} in ${wid === SAMPLE_WID ? "the workspace that it names" : wid}`);
      return { allowed: allowed(right), why: noted(`no ${right}`) };
    },
    workspaceOf: (thread) => `the workspace of ${thread}`,
  };
  return { questions, rights };
};
const firstWindow = (method: Method): WindowKind => methods[method].windows[0];

test.each(every)("asks for %s what its row says, of the workspace that is meant, and nothing else", (method) => {
  const { questions, rights } = listening();
  admit(rights, firstWindow(method), method, sampleCalls[method]);
  const { needs } = methods[method];
  const asked = typeof needs === "string" ? [needs] : "none" in needs || "in" in needs ? [] : needs;
  const where = "thread" in sampleCalls[method] ? "the workspace of a-thread" : "the workspace that it names";
  expect(questions).toEqual(asked.map((right) => `${right} in ${where}`));
});

test("of several rights each is needed", () => {
  for (const lacking of ["threads.create", "tools.use"]) {
    const { rights } = listening((right) => right !== lacking);
    expect(() => admit(rights, "main", "thread.callTool", sampleCalls["thread.callTool"])).toThrow(
      expect.objectContaining({ view: told("not-permitted", noted(`no ${lacking}`), true) }) as never,
    );
  }
});

test("no right is asked about for a window or a call that is refused anyway", () => {
  const { questions, rights } = listening();
  expect(() => admit(rights, "popup", "policy.change", sampleCalls["policy.change"])).toThrow("wrong-window");
  expect(() => admit(rights, "main", "policy.change", { ...sampleCalls["policy.change"], force: true })).toThrow(
    "bad-request",
  );
  expect(questions).toEqual([]);
});
