/** What a script sees of an app, against a shell that says what the test wants. */
import type { AddressInfo, Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { WebSocketServer } from "ws";
import { connect } from "../../../scripts/apps/rpc-client.ts";

const WID = "w".repeat(22);
const thread = { id: "t1", wid: WID, title: "", updatedAt: 0, state: "idle", boundary: "private" };

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
  const topic = `threads/${WID}`;
  const origin = await shellThat(({ id }) => [
    { f: "ok", id, result: [] },
    { f: "topic", n: 1, topic, value: [thread] },
  ]);
  const client = await connect(`${origin}/#token=t`);
  expect(await client.when("threads", WID, (threads) => threads.length > 0)).toEqual([thread]);
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
