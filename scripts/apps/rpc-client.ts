/**
 * A window without a page: speaks the bridge RPC of a running browser shell over its WebSocket. Answers and topics
 * are parsed with the contract, so a host that sends another shape fails here as it would fail in the real window.
 */
import { drop } from "#core/facts/drop.ts";
import { factWords } from "#text/facts.ts";
import {
  methods,
  topics,
  type Method,
  type Params,
  type Result,
  type TopicKind,
  type TopicValue,
} from "#bridge/contract.ts";
import { ListEvent, PAGE_ROWS_MAX, type ListHead } from "#bridge/list.ts";
import { isListKind, lists, type ListKind, type ListRow } from "#bridge/lists.ts";
import { ThreadEvent } from "#bridge/thread.ts";
import type { ShownAct } from "#bridge/act.ts";
import { ToWindow } from "#bridge/frames.ts";
import { WebSocket } from "ws";
import { z } from "zod";
import { followLists } from "./follow-lists.ts";
import { followValues } from "./follow-values.ts";

/** What the host answered instead of a result. */
export class RpcRefusal extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = "RpcRefusal";
    this.code = code;
  }
}

export interface Notice {
  readonly title: string;
  readonly body: string;
}

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
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const values = new Map<string, unknown>();
  const watched = new Set<string>();
  const events: ThreadEvent[] = [];
  const popups: string[] = [];
  const confirmed: ShownAct[] = [];
  const notices: Notice[] = [];
  let pairing: { readonly name: string; readonly number: string } | undefined;
  let act: ShownAct | undefined;
  let badge = 0;
  let received = 0;
  const changed = new Set<() => void>();
  let session = token;
  let nextId = 1;
  let ready = false;
  let isClosed = false;
  const wake = (): void => changed.forEach((look) => look());

  socket.on("message", (bytes) => {
    received += (bytes as Buffer).length;
    const frame = ToWindow.parse(JSON.parse((bytes as Buffer).toString("utf8")));
    if (frame.f === "ok") take(frame.id)?.resolve(frame.result);
    else if (frame.f === "error") take(frame.id)?.reject(new RpcRefusal(frame.error.code, factWords(frame.error)));
    else if (frame.f === "topic" || frame.f === "change") own.heard(frame);
    else if (frame.f === "thread") events.push(ThreadEvent.parse(frame.event));
    else if (frame.f === "list") rows.event(ListEvent.parse(frame.event));
    else if (frame.f === "popup") {
      popups.push(frame.url);
      void confirmIn(new URL(frame.url, page)).then((shown) => confirmed.push(...shown));
    } else if (frame.f === "act") act = frame.act ?? undefined;
    else if (frame.f === "session") session = frame.token;
    else if (frame.f === "notify") notices.push({ title: frame.title, body: frame.body });
    else if (frame.f === "badge") badge = frame.waiting;
    else if (frame.f === "pairing") pairing = { name: frame.name, number: frame.number };
    else onHost(frame.state === "ready");
    if (frame.f === "topic" || frame.f === "change" || frame.f === "thread" || frame.f === "list")
      socket.send(JSON.stringify({ f: "ack", n: frame.n }));
    wake();
  });
  const dropPending = () => {
    for (const one of pending.values())
      one.reject(new RpcRefusal("host-away", "The agent host went away before it answered."));
    pending.clear();
  };
  const onHost = (isReady: boolean) => {
    const returned = isReady && !ready && watched.size > 0;
    ready = isReady;
    if (!isReady) dropPending();
    // A new host knows of no watches.
    if (returned) for (const topic of watched) watchAgain(topic);
  };
  socket.on("close", () => {
    isClosed = true;
    ready = false;
    dropPending();
    wake();
  });

  const take = (id: number) => {
    const found = pending.get(id);
    pending.delete(id);
    return found;
  };
  const until = <T>(look: () => T | undefined, what: string, ms = WAIT_MS): Promise<T> =>
    new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        changed.delete(check);
        settle();
      };
      const check = () => {
        const found = look();
        if (found !== undefined) end(() => resolve(found));
        else if (isClosed)
          end(() => reject(new RpcRefusal("closed", `The connection closed while waiting for ${what}.`)));
      };
      const timer = setTimeout(() => end(() => reject(new Error(`Waited ${ms} ms for ${what}.`))), ms);
      changed.add(check);
      check();
    });

  const ask = (
    method: Method,
    params: unknown,
    resolve: (value: unknown) => void,
    reject: (error: Error) => void,
  ): void => {
    const id = nextId++;
    pending.set(id, { resolve, reject });
    socket.send(JSON.stringify({ f: "call", id, method, params }));
  };
  const rawCall = (method: Method, params: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => ask(method, params, resolve, reject));
  /** The value is set while its frame is read: a promise would set it after a newer one that was read in the same turn. */
  const watch = (topic: string): Promise<void> =>
    new Promise((resolve, reject) => {
      watched.add(topic);
      const take = (value: unknown) => {
        if (isListKind(topic.split("/")[0] ?? "")) rows.head(topic, value as ListHead<unknown>);
        else own.answered(topic, value);
        resolve();
      };
      ask("watch", { topic }, take, (error) => {
        if (!values.has(topic)) watched.delete(topic);
        reject(error);
      });
    });
  const watchAgain = (topic: string): void => drop(watch(topic), "a watch that is refused has no values");
  const own = followValues({ watch: watchAgain, whole: (topic, value) => void values.set(topic, value) });
  const rows = followLists({
    watch: watchAgain,
    page: (topic, from) => rawCall("list.page", { topic, from, limit: PAGE_ROWS_MAX }),
    whole: (topic, all) => {
      values.set(topic, all);
      wake();
    },
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
    const end = Date.now() + WAIT_MS;
    while (Date.now() < end) {
      const seen = popups.length;
      await shows();
      const url = popups.slice(seen).find((each) => wanted(new URLSearchParams(new URL(each, page).hash.slice(1))));
      if (url !== undefined) return connect(new URL(url, page).href);
    }
    throw new Error(`Waited ${WAIT_MS} ms for ${what}.`);
  };

  const client: RpcClient = {
    call: async (method, params) => {
      await until(() => ready || undefined, "the agent host");
      return methods[method].result.parse(await rawCall(method, params)) as Result<typeof method>;
    },
    when: async (kind, argument, wanted, ms = WAIT_MS) => {
      const topic = argument === null ? kind : `${kind}/${argument}`;
      await until(() => ready || undefined, "the agent host", ms);
      if (!watched.has(topic)) await watch(topic);
      const schema = isListKind(kind) ? z.array(lists[kind].row as z.ZodType) : topics[kind].value;
      return until(
        () => {
          const value = values.get(topic);
          if (value === undefined) return undefined;
          const parsed = schema.parse(value) as Shown<typeof kind>;
          return wanted(parsed) ? parsed : undefined;
        },
        `${topic} to change; it is ${JSON.stringify(values.get(topic)) ?? "unknown"}`.slice(0, 2_000),
        ms,
      );
    },
    events: () => events,
    notices: () => notices,
    badge: () => badge,
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
    pairing: () => pairing,
    confirmed: () => confirmed,
    act: () => act,
    again: () => connectWith(page, session),
    closed: () => isClosed,
    close: () => socket.terminate(),
  };

  await new Promise<void>((done, fail) => {
    socket.once("open", done);
    socket.once("error", fail);
  });
  socket.on("error", () => undefined);
  return client;
};
