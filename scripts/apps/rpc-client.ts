/**
 * A window without a page: speaks the bridge RPC of a running browser shell over its WebSocket. Answers and topics
 * are parsed with the contract, so a host that sends another shape fails here as it would fail in the real window.
 */
import {
  methods,
  topics,
  type Method,
  type Params,
  type Result,
  type TopicKind,
  type TopicValue,
} from "#bridge/contract.ts";
import { ListEvent } from "#bridge/list.ts";
import { isListKind, lists, type ListKind, type ListRow } from "#bridge/lists.ts";
import type { ThreadEvent } from "#bridge/thread.ts";
import type { ShownAct } from "#bridge/act.ts";
import { ToWindow } from "#bridge/frames.ts";
import { WebSocket } from "ws";
import { z } from "zod";
import { followTopics } from "./follow-topics.ts";
import { createLooks } from "./looks.ts";
import { createCalls } from "./rpc-calls.ts";
import { createShown } from "./shown.ts";
import type { Notice } from "./shown.ts";

/** What a window shows of a topic once it has loaded everything. */
export type Shown<K extends TopicKind> = K extends ListKind ? readonly ListRow<K>[] : TopicValue<K>;

export interface RpcClient {
  call<M extends Method>(method: M, params: Params<M>): Promise<Result<M>>;
  /** The value of a topic, all rows of a list, once `wanted` holds for it; watches the topic from the first call on. */
  when<K extends TopicKind>(
    kind: K,
    argument: string | null,
    wanted: (value: Shown<K>) => boolean,
    ms?: number,
  ): Promise<Shown<K>>;
  /** Events of watched threads so far. */
  events(): readonly ThreadEvent[];
  /** What the operating system would have shown. */
  notices(): readonly Notice[];
  badge(): number;
  /** Bytes that came to this window so far. */
  received(): number;
  /** Shows the card in the approval window and connects as that window. */
  popup(wid: string, request: string): Promise<RpcClient>;
  /** Shows the number of a pairing in its window and connects as that window. */
  comparison(): Promise<RpcClient>;
  /** What the shell told this window of its pairing. */
  pairing(): { readonly name: string; readonly number: string } | undefined;
  /** Acts that this window was asked to confirm, as the shell showed them; it says yes. */
  confirmed(): readonly ShownAct[];
  /** What the shell told this window to confirm. */
  act(): ShownAct | undefined;
  /** Connects again after the connection was lost, as a page does. */
  again(): Promise<RpcClient>;
  closed(): boolean;
  close(): void;
}

/** How long a script waits for what must happen: past the slowness of any machine. */
export const WAIT_MS = 60_000;

/** `address` as the shell prints it: `http://127.0.0.1:PORT/...#token=T`. */
export const connect = (address: string): Promise<RpcClient> => {
  const url = new URL(address);
  const token = new URLSearchParams(url.hash.slice(1)).get("token");
  if (token === null) throw new Error("The address has no token.");
  return connectWith(url, token);
};

/** The person behind a window confirms what they just asked for, in the window that the shell draws for it; answers what that showed. */
const confirmIn = async (url: URL): Promise<readonly ShownAct[]> => {
  const query = new URLSearchParams(url.hash.slice(1));
  const [wid, act] = [query.get("wid"), query.get("act")];
  if (wid === null || act === null) return [];
  const window = await connect(url.href);
  await window.call("act.answer", { wid, act, yes: true });
  const shown = window.act();
  window.close();
  return shown === undefined ? [] : [shown];
};

const connectWith = async (page: URL, token: string): Promise<RpcClient> => {
  const socket = new WebSocket(`ws://${page.host}/port`, ["bulkhead", `token.${token}`], { origin: page.origin });
  const calls = createCalls((frame) => socket.send(JSON.stringify(frame)));
  const shown = createShown({ token, confirm: (url) => confirmIn(new URL(url, page)) });
  const { until, wake, end, ended } = createLooks();
  const followed = followTopics(calls, wake);
  let received = 0;
  let ready = false;

  socket.on("message", (bytes) => {
    received += (bytes as Buffer).length;
    const frame = ToWindow.parse(JSON.parse((bytes as Buffer).toString("utf8")));
    if (frame.f === "ok" || frame.f === "error") calls.answered(frame);
    else if (frame.f === "topic" || frame.f === "change") followed.heard(frame);
    else if (frame.f === "list") followed.listed(ListEvent.parse(frame.event));
    else if (frame.f === "host") onHost(frame.state === "ready");
    else shown.take(frame);
    if (frame.f === "topic" || frame.f === "change" || frame.f === "thread" || frame.f === "list")
      socket.send(JSON.stringify({ f: "ack", n: frame.n }));
    wake();
  });
  const onHost = (isReady: boolean) => {
    const returned = isReady && !ready;
    ready = isReady;
    if (!isReady) calls.drop();
    if (returned) followed.watchAll();
  };
  socket.on("close", () => {
    ready = false;
    calls.drop();
    end();
  });

  /**
   * Address of the window that the shell opens for what `shows` asks for. The shell announces it to the main window that
   * was used last, before it answers: where a page was faster, it is asked for again.
   */
  const opened = async (
    shows: () => Promise<unknown>,
    wanted: (query: URLSearchParams) => boolean,
    what: string,
  ): Promise<RpcClient> => {
    const latest = Date.now() + WAIT_MS;
    while (Date.now() < latest) {
      const seen = shown.popups().length;
      await shows();
      const url = shown
        .popups()
        .slice(seen)
        .find((each) => wanted(new URLSearchParams(new URL(each, page).hash.slice(1))));
      if (url !== undefined) return connect(new URL(url, page).href);
    }
    throw new Error(`Waited ${WAIT_MS} ms for ${what}.`);
  };

  const client: RpcClient = {
    call: async (method, params) => {
      await until(() => ready || undefined, "the agent host", WAIT_MS);
      return methods[method].result.parse(await calls.call(method, params)) as Result<typeof method>;
    },
    when: async (kind, argument, wanted, ms = WAIT_MS) => {
      const topic = argument === null ? kind : `${kind}/${argument}`;
      await until(() => ready || undefined, "the agent host", ms);
      if (!followed.watches(topic)) await followed.watch(topic);
      const schema = isListKind(kind) ? z.array(lists[kind].row as z.ZodType) : topics[kind].value;
      return until(
        () => {
          const value = followed.value(topic);
          if (value === undefined) return undefined;
          const parsed = schema.parse(value) as Shown<typeof kind>;
          return wanted(parsed) ? parsed : undefined;
        },
        `${topic} to change; it is ${JSON.stringify(followed.value(topic)) ?? "unknown"}`.slice(0, 2_000),
        ms,
      );
    },
    events: shown.events,
    notices: shown.notices,
    badge: shown.badge,
    received: () => received,
    popup: (wid, request) =>
      opened(
        () => client.call("card.show", { wid, request }),
        (query) => query.get("wid") === wid && query.get("request") === request,
        "the approval window",
      ),
    comparison: () =>
      opened(
        () => client.call("pair.show", {}),
        (query) => query.has("pairing"),
        "the window of the number",
      ),
    pairing: shown.pairing,
    confirmed: shown.confirmed,
    act: shown.act,
    again: () => connectWith(page, shown.session()),
    closed: ended,
    close: () => socket.terminate(),
  };

  await new Promise<void>((done, fail) => {
    socket.once("open", done);
    socket.once("error", fail);
  });
  socket.on("error", () => undefined);
  return client;
};
