/** What a script sees of an app, against a shell that says what the test wants. */
import type { AddressInfo, Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { WebSocketServer } from "ws";
import { connect } from "../../../scripts/apps/rpc-client.ts";

const WID = "w".repeat(22);
const thread = (id: string) => ({ id, wid: WID, title: "", updatedAt: 0, state: "idle", boundary: "private" });
const invite = {
  id: "i1",
  label: "",
  role: "member",
  createdBy: "Ada",
  expiresAt: 1,
  uses: 1,
  used: 0,
  state: "open",
  back: null,
  usedBy: [],
  oldAddress: null,
  link: null,
  appLink: null,
};

/** A shell; `answers` are the frames with which it answers a call, all in one packet. */
const shellThat = async (
  answers: (call: { id: number; method: string; params: Record<string, string> }) => object[],
): Promise<string> => {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", handleProtocols: () => "bulkhead" });
  server.on("connection", (socket, request) => {
    const wire: Socket = request.socket;
    const say = (...frames: object[]): void => {
      wire.cork();
      for (const frame of frames) socket.send(JSON.stringify(frame));
      wire.uncork();
    };
    say({ f: "host", state: "ready", error: null });
    socket.on("message", (bytes: Buffer) => {
      const frame = JSON.parse(bytes.toString()) as {
        f: string;
        id: number;
        method: string;
        params: Record<string, string>;
      };
      if (frame.f === "call") say(...answers(frame));
    });
  });
  await new Promise<void>((resolve) => void server.once("listening", resolve));
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

test("a value that follows the answer to a watch at once is the newer one", async () => {
  const topic = `invites/${WID}`;
  const origin = await shellThat(({ id }) => [
    { f: "ok", id, result: [] },
    { f: "topic", n: 1, topic, value: [invite] },
  ]);
  const client = await connect(`${origin}/#token=t`);
  expect(await client.when("invites", WID, (invites) => invites.length > 0)).toEqual([invite]);
  client.close();
});

test("a list is loaded whole, follows its events, and is asked for again where one was missed", async () => {
  const list = `threads/${WID}`;
  const others = [thread("t2"), thread("t3")];
  const put = { kind: "put", key: "t4", from: null, at: 0, row: thread("t4") };
  let watches = 0;
  const origin = await shellThat(({ id, method }) => {
    if (method === "list.page") return [{ f: "ok", id, result: { n: 1, from: 1, rows: others } }];
    if (method !== "watch")
      return [
        { f: "ok", id, result: thread("t5") },
        { f: "list", n: 2, event: { kind: "changes", list, n: 3, counts: { all: 3 }, changes: [] } },
      ];
    watches += 1;
    return watches === 1
      ? [{ f: "ok", id, result: { n: 1, counts: { all: 3 }, rows: [thread("t1")] } }]
      : [
          { f: "ok", id, result: { n: 7, counts: { all: 1 }, rows: [thread("t9")] } },
          { f: "list", n: 3, event: { kind: "changes", list, n: 8, counts: { all: 2 }, changes: [put] } },
        ];
  });
  const client = await connect(`${origin}/#token=t`);
  expect(await client.when("threads", WID, () => true)).toEqual([thread("t1"), ...others]);
  await client.call("thread.create", { wid: WID });
  expect(await client.when("threads", WID, (threads) => threads.length === 2)).toEqual([thread("t4"), thread("t9")]);
  client.close();
});

test("the window of the card that was asked for is the one that is opened, and it is asked again where another window was told", async () => {
  const opened: string[] = [];
  const noted = (params: Record<string, string>): object => {
    opened.push(params["request"] ?? "");
    return {};
  };
  let asked = 0;
  const popup = await shellThat(({ id, params }) => [{ f: "ok", id, result: noted(params) }]);
  const url = (request: string): string =>
    `${popup}/popup.html#${new URLSearchParams({ token: request, wid: WID, request }).toString()}`;
  const origin = await shellThat(({ id, params }) => {
    asked += 1;
    const other = { f: "popup", url: url("another") };
    return asked === 1
      ? [other, { f: "ok", id, result: {} }]
      : [other, { f: "popup", url: url(params["request"] ?? "") }, { f: "ok", id, result: {} }];
  });
  const client = await connect(`${origin}/#token=t`);
  const window = await client.popup(WID, "mine");
  await window.call("card.decide", { wid: WID, request: "mine", vote: "approve", note: "" });
  expect([asked, opened]).toEqual([2, ["mine"]]);
  client.close();
  window.close();
});
