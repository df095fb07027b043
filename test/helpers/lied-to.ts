/** Ada and Ben behind servers that may lie, with a call of Ben's that is approved, and what must hold while they are lied to. */
import { expect } from "vitest";
import { random22 } from "#node/crypto.ts";
import type { ProposedCall } from "../../electron/host/seams.ts";
import { changePolicy, SERVER, teamAt } from "./app.ts";
import type { App } from "./app.ts";
import { startLair } from "./liar.ts";
import type { Lair, Liar } from "./liar.ts";
import { until } from "./wait.ts";

const ARGS = '{"path":"/notes/a.txt","content":"hello"}';
const READS = "readsreadsreadsreadsre";

export interface LiedTo {
  readonly wid: string;
  readonly lair: Lair;
  readonly ada: App;
  readonly ben: App;
  readonly hers: Liar;
  readonly his: Liar;
  /** Ben's, approved by Ada and not yet used. */
  readonly call: ProposedCall;
  /** Something that Ada does in the log: a server, and then the rule for it. */
  act(): Promise<void>;
  /** One single entry. */
  step(): Promise<void>;
  /** What the server has stored of a document. */
  stored(doc: string): Promise<string[]>;
  lane(): string;
}

export const main = { window: "main" } as const;
const tool = (name: string) => ({
  name,
  title: null,
  description: "",
  inputSchema: {},
  readOnly: false,
  destructive: true,
  schema: "s".repeat(43),
  definition: "{}",
});

export const startLiedTo = async (ticks: { readonly tickMs?: number } = {}): Promise<LiedTo> => {
  const lair = await startLair(2);
  const [hers, his] = lair.liars as [Liar, Liar];
  const { wid, ada, ben } = await teamAt(hers, his, ticks);
  let count = 0;
  // Another server each time: one that is defined anew is another way to start it, and what was accepted of it is void.
  const act = async (): Promise<void> => {
    count += 1;
    const id = count === 1 ? READS : random22();
    await ada.room.workspaces.defineServer(
      wid,
      { id, name: `reads ${count}`, launch: { kind: "stdio", command: "node", args: [], env: [], vars: [] } },
      [tool("read_file")],
      {},
    );
    await changePolicy(ada, wid, { kind: "effects", server: id, effects: { read_file: { kind: "allow" } } });
  };
  await act();
  const call = ben.call(wid, SERVER, ARGS);
  await ben.room.authority.ask(call);
  await ada.decide(wid, (await ada.card(wid)).request, "approve");
  await until(() => ben.room.authority.standing(call.id)?.state === "approved", "the approval");
  await until(() => ben.room.authority.permit(call).ok, "a permit while nobody lies");
  const store = lair.memory.connect();
  return {
    wid,
    lair,
    ada,
    ben,
    hers,
    his,
    call,
    act,
    step: async () =>
      void (await changePolicy(ada, wid, {
        kind: "effects",
        server: SERVER,
        effects: { write_file: { kind: "ask", queue: "approvers" } },
      })),
    stored: (doc) => store.read(wid as never, doc as never, 1, { entries: 10_000, characters: 100_000_000 }),
    lane: () => `lane:${ben.room.team(wid).me}`,
  };
};

export interface Kept {
  readonly doc: string;
  readonly seq: number;
  readonly entry: string;
}
export const keptBy = (app: App): Kept[] =>
  app.store.db.prepare<[], Kept>("SELECT doc, seq, entry FROM chain ORDER BY doc, seq").all();
export const evidenceOf = (app: App): { code: string; doc: string; head: string; shown: string }[] =>
  app.store.db
    .prepare<[], { code: string; doc: string; head: string; shown: string }>(
      "SELECT code, doc, head, shown FROM evidence ORDER BY id",
    )
    .all();

/** While a server lies: the approval does not run, nothing verified is lost, and what needs no approval goes on. */
export const holdsOut = ({ ben, wid, call }: LiedTo, before: readonly Kept[]): void => {
  expect(ben.room.authority.permit(call).ok).toBe(false);
  expect(keptBy(ben)).toEqual(expect.arrayContaining([...before]));
  expect(ben.room.authority.judge({ ...ben.call(wid, READS, "{}"), tool: "read_file" })).toMatchObject({
    kind: "allow",
  });
};
