/**
 * How a node hears that another one appended. NOTIFY is only a nudge and may be lost, so every few seconds the node
 * compares how many entries each workspace it serves has. Both use one connection: a poll that fails shows that the
 * notifications stopped too, and after each new LISTEN everything that is served counts as changed.
 */
import pg from "pg";
import type { WorkspaceId } from "#core/protocol/ids.ts";
import { goodbye } from "./postgres-goodbye.ts";

export const CHANNEL = "bulkhead_chain";
/** What nodes say to each other besides: nothing repairs what gets lost here. */
export const WORDS = "bulkhead_words";
const RELISTEN_MS = 500;
const QUERY_MS = 5_000;

export interface Nudges {
  /** This node appended so many entries itself. */
  appended(wid: WorkspaceId, count: number): void;
  /** Nobody knows what is stored: the next poll asks for a fresh look. */
  unsure(wid: WorkspaceId): void;
  stop(): Promise<void>;
}

export interface NudgesOptions {
  readonly url: string;
  readonly node: string;
  readonly pollMs: number;
  readonly serving: () => Iterable<WorkspaceId>;
  /** Rejects where the workspace could not be read; it is told again at the next poll. */
  readonly tell: (wid: WorkspaceId) => Promise<void>;
  /** Another node said this. */
  readonly said: (word: string) => void;
}

/** One notification: which node, which workspace, how many entries. */
export const writeNudge = (node: string, wid: WorkspaceId, count: number): string => JSON.stringify([node, wid, count]);

const readNudge = (text: string): { node: string; wid: WorkspaceId; count: number } | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value)) return undefined;
    const [node, wid, count] = value as unknown[];
    return typeof node === "string" && typeof wid === "string" && typeof count === "number"
      ? { node, wid: wid as WorkspaceId, count }
      : undefined;
  } catch {
    // Not a word of ours on this channel.
    return undefined;
  }
};

export const writeNodeWord = (node: string, word: string): string => `${node} ${word}`;

const createClient = (url: string): pg.Client =>
  new pg.Client({
    connectionString: url,
    keepAlive: true,
    connectionTimeoutMillis: QUERY_MS,
    query_timeout: QUERY_MS,
    application_name: "bulkhead-nudges",
  });

/** Resolves when the first LISTEN is in place or has failed; it is tried again for ever. */
export const listenForNudges = async ({ url, node, pollMs, serving, tell, said }: NudgesOptions): Promise<Nudges> => {
  /** Entries of each workspace that readers here were told of. */
  const known = new Map<WorkspaceId, number>();
  let client: pg.Client | undefined;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const nudge = (wid: WorkspaceId): void => {
    // Whoever reads is told again with the next word.
    tell(wid).catch(() => known.delete(wid));
  };
  const add = (wid: WorkspaceId, count: number): void => {
    const before = known.get(wid);
    if (before !== undefined) known.set(wid, before + count);
  };
  const hear = (text: string): void => {
    const heard = readNudge(text);
    if (heard === undefined || heard.node === node) return;
    add(heard.wid, heard.count);
    nudge(heard.wid);
  };

  const hearWord = (text: string): void => {
    const cut = text.indexOf(" ");
    if (cut > 0 && text.slice(0, cut) !== node) said(text.slice(cut + 1));
  };

  const poll = async (from: pg.Client): Promise<void> => {
    const served = new Set(serving());
    for (const wid of known.keys()) if (!served.has(wid)) known.delete(wid);
    // Asked even for nothing: it shows that the connection lives.
    const { rows } = await from.query<{ wid: WorkspaceId; total: string }>(
      "select wid, sum(length) as total from chain_length where wid = any($1) group by wid",
      [[...served]],
    );
    for (const { wid, total } of rows) {
      if (known.get(wid) === Number(total)) continue;
      known.set(wid, Number(total));
      nudge(wid);
    }
  };

  const connect = async (): Promise<void> => {
    const next = createClient(url);
    client = next;
    let lost = false;
    const lose = (): void => {
      if (lost) return;
      lost = true;
      clearTimeout(timer);
      void goodbye(next, 1_000);
      if (!stopped) timer = setTimeout(() => void connect(), RELISTEN_MS);
    };
    const again = (): void => {
      if (lost || stopped) return;
      timer = setTimeout(() => void poll(next).then(again, lose), pollMs);
    };
    next.on("error", lose);
    next.on("end", lose);
    next.on("notification", ({ channel, payload }) => (channel === WORDS ? hearWord : hear)(payload ?? ""));
    try {
      await next.connect();
      await next.query(`listen ${CHANNEL}; listen ${WORDS}`);
      // What was appended while nobody listened.
      known.clear();
      for (const wid of serving()) nudge(wid);
      again();
    } catch {
      // The database is away: the connection is made anew later.
      lose();
    }
  };
  await connect();

  return {
    appended: add,
    unsure: (wid) => known.delete(wid),
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      if (client !== undefined) await goodbye(client, 1_000);
    },
  };
};
