/** Every method and every topic from every kind of window, as the table says, through the RPC server and the shell's relay. */
import { describe, expect, onTestFinished, test } from "vitest";
import { methods, topics, type Method, type TopicKind } from "#bridge/contract.ts";
import type { ToWindow } from "#bridge/frames.ts";
import { isListKind } from "#bridge/lists.ts";
import type { WindowKind } from "#bridge/shell-port.ts";
import { createLog } from "../../../../electron/host/log.ts";
import { createRpc } from "../../../../electron/host/rpc/serve.ts";
import { createTopics } from "../../../../electron/host/rpc/topics.ts";
import type { Handlers } from "../../../../electron/host/seams.ts";
import { createActs } from "../../../../electron/shell/acts.ts";
import { createConfirmations } from "../../../../electron/shell/confirm.ts";
import { createPairings } from "../../../../electron/shell/pairing.ts";
import type { Subject } from "../../../../electron/shell/subjects.ts";
import { createRelay } from "../../../../electron/shell/relay.ts";
import { sampleCalls } from "../../../helpers/sample-calls.ts";
import { until } from "../../../helpers/wait.ts";
import { noted } from "../../../helpers/worded.ts";

const KINDS: readonly WindowKind[] = ["main", "popup"];
const every = Object.keys(methods) as Method[];
const cases = every.flatMap((method) => KINDS.map((kind) => [method, kind] as const));
const topicCases = (Object.keys(topics) as TopicKind[]).flatMap((of) => KINDS.map((kind) => [of, kind] as const));
const nameOf = (kind: TopicKind): string => (topics[kind].of === "app" ? kind : `${kind}/an-argument`);

const served = (kind: WindowKind) => {
  const reached: string[] = [];
  const handlers = Object.fromEntries(every.map((name) => [name, () => void reached.push(name)]));
  const rows = createTopics();
  onTestFinished(rows.close);
  for (const each of Object.keys(topics) as TopicKind[])
    if (isListKind(each)) rows.provideList(each, { all: () => (reached.push(each), []), one: () => null });
    else rows.provide(each, (() => void reached.push(each)) as unknown as Parameters<typeof rows.provide>[1]);
  const rpc = createRpc({
    handlers: handlers as unknown as Handlers,
    topics: rows,
    rights: { may: () => ({ allowed: true, why: noted("") }), workspaceOf: () => "w".repeat(22) },
    log: createLog(
      () => undefined,
      () => 0,
    ),
  });
  const got: ToWindow[] = [];
  let send: (frame: unknown) => void = () => undefined;
  rpc.attach(
    { send: (frame) => void got.push(frame), onFrame: (listener) => (send = listener), onClose: () => undefined },
    kind,
  );
  const call = async (method: string, params: unknown): Promise<string> => {
    got.length = 0;
    send({ f: "call", id: 1, method, params });
    const frame = await until(() => got[0], "the answer");
    return frame.f === "error" ? frame.error.code : frame.f;
  };
  return { call, reached };
};

describe("the RPC server", () => {
  test.each(cases)("lets %s through from the %s window, or refuses it, as its row says", async (method, kind) => {
    const { call, reached } = served(kind);
    const open = methods[method].windows.includes(kind);
    expect(await call(method, sampleCalls[method])).toBe(open ? "ok" : "wrong-window");
    if (method === "unwatch") return;
    // These are of the RPC server itself, and ask what the topic shows.
    const asks = method === "watch" ? "app" : method.startsWith("list.") ? "cards" : method;
    expect(reached).toEqual(open ? [asks] : []);
  });

  test.each(topicCases)("lets the topic %s be watched from the %s window, or refuses it", async (of, kind) => {
    const { call, reached } = served(kind);
    const open = topics[of].windows.includes(kind);
    expect(await call("watch", { topic: nameOf(of) })).toBe(open ? "ok" : "wrong-window");
    expect(reached).toEqual(open ? [of] : []);
  });

  test.each(KINDS)("knows no method by a name of every object, from the %s window", async (kind) => {
    const { call, reached } = served(kind);
    for (const name of Object.getOwnPropertyNames(Object.prototype))
      expect([name, await call(name, {})]).toEqual([name, "bad-request"]);
    for (const name of ["policy", "thread.steal", "card.decide ", "", "methods"])
      expect([name, await call(name, {})]).toEqual([name, "bad-request"]);
    expect(reached).toEqual([]);
  });
});

describe("the shell's relay", () => {
  const relayed = (kind: WindowKind) => {
    const posted: string[] = [];
    const answers: ToWindow[] = [];
    const relay = createRelay(
      (message) => void (message.s === "window.frame" && posted.push(JSON.stringify(message.frame))),
      {
        confirmations: createConfirmations(() => 0),
        pairings: createPairings(() => 0),
        acts: createActs(() => () => undefined),
      },
      { state: "ready", error: null },
    );
    const { wid } = sampleCalls["card.decide"];
    // The popup of whatever the call names: what else it is opened for is another rule.
    const open = (subject: Subject) =>
      relay.open(kind === "main" ? { kind } : { kind, card: subject }, (frame) => void answers.push(frame));
    const call = (method: string, params: unknown): string => {
      const { pairing, act, ...named } = params as {
        pairing?: string;
        act?: string;
        request?: string;
        member?: string;
      };
      const card = { wid, request: named.request ?? named.member ?? "" };
      const window = open(pairing !== undefined ? { wid, pairing } : act !== undefined ? { wid, act } : card);
      [posted.length, answers.length] = [0, 0];
      window.frame({ f: "call", id: 1, method, params });
      if (posted.length > 0) return "forwarded";
      const [frame] = answers;
      return frame?.f === "error" ? frame.error.code : "nothing";
    };
    return { call };
  };

  test.each(cases)("forwards %s from the %s window, or answers it itself, as its row says", (method, kind) => {
    const { call } = relayed(kind);
    const refused = kind === "main" ? "popup-only" : "not-in-popup";
    // No act is open here, so the shell answers its own window that this click is none any more.
    const taken = method === "act.answer" ? "act-over" : "forwarded";
    expect(call(method, sampleCalls[method])).toBe(methods[method].windows.includes(kind) ? taken : refused);
  });

  test.each(KINDS)("forwards nothing that is no method, from the %s window", (kind) => {
    const { call } = relayed(kind);
    for (const name of [...Object.getOwnPropertyNames(Object.prototype), "thread.steal", ""])
      expect([name, call(name, {})]).toEqual([name, "bad-request"]);
  });
});
