/** Whatever a member says on a connection, in any order: nothing comes of documents that they may not read, and the server goes on. */
import * as fc from "fast-check";
import { expect } from "vitest";
import { readServerFrame, writeCredit, writeOpen, writeShut } from "#core/protocol/channels.ts";
import { ADMIN, laneDoc, LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { CMD, writeAskState, writeClock, writeNumbered } from "#core/protocol/wire.ts";
import { connect, step1Frame } from "../helpers/channel-client.ts";
import { attack } from "../helpers/hostile.ts";
import { lane, QUEUE, requestBody } from "../helpers/people.ts";
import { sharedWorld } from "../helpers/sync-world.ts";
import { awarenessFrame, yjsWrite } from "../helpers/wire-client.ts";

const RUNS = 60;
/** Above every number that a run uses. */
const LAST = 1_000_000;
const shared = sharedWorld(
  async (world) => {
    const [ben, cleo] = [await world.member("Ben"), await world.member("Cleo")];
    const hers = await world.open(cleo, lane(cleo));
    await world.send(hers, cleo, QUEUE, "approval.request", requestBody());
    return { ben, cleo };
  },
  { limits: { connectionsPerDevice: 10_000, socketsPerPerson: 10_000 } },
);

/** What is said, with documents and frames by their place in the lists of a run. */
const said = fc.oneof(
  {
    weight: 16,
    arbitrary: fc.record({
      kind: fc.constant("open" as const),
      docs: fc.array(fc.nat(5), { minLength: 1, maxLength: 4 }),
      skip: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 1, 2, 3, -1),
      had: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("data" as const),
      channel: fc.constantFrom(1, 1, 2, 2, 2, 3),
      frame: fc.nat(6),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("shut" as const), channel: fc.constantFrom(1, 1, 2, 2, 2, 3) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("credit" as const),
      channel: fc.constantFrom(1, 1, 2, 2, 2, 3),
      bytes: fc.integer({ min: 1, max: 262_144 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("raw" as const), bytes: fc.uint8Array({ maxLength: 40 }) }) },
);

attack("CN1 CN7 in any order", async ({ control }) => {
  const world = shared();
  const { url, wid, ben, cleo, ada } = world;
  const docs: DocName[] = [LOG, lane(ben), lane(cleo), QUEUE, ADMIN, laneDoc(ben.member, 2)];
  const mine = new Set<DocName>([LOG, lane(ben)]);
  const frames = [
    step1Frame(0),
    awarenessFrame(),
    yjsWrite(2, ["x"]),
    writeNumbered(CMD, 1, world.sign(ada, LOG, "member.rename", { name: "Mallory" })),
    writeNumbered(CMD, 2, world.sign(ben, QUEUE, "approval.cancel", { request: "h".repeat(43) })),
    writeAskState(1),
    writeClock(1),
  ];
  let opened = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(said, { minLength: 1, maxLength: 12 }), async (all) => {
      const line = await connect(url, wid, ben);
      /** The document that a number was first used for. */
      const docOf = new Map<number, DocName>([[LAST, LOG]]);
      const heard: DocName[] = [];
      const answered = Promise.withResolvers<void>();
      line.ws.removeAllListeners("message");
      line.ws.on("message", (bytes: Buffer) => {
        const frame = readServerFrame(bytes);
        const numbers =
          frame?.type === "data"
            ? [frame.channel]
            : frame?.type === "heads"
              ? frame.heads.map(({ channel }) => channel)
              : [];
        for (const number of numbers) heard.push(docOf.get(number) ?? ADMIN);
        if (frame?.type === "opened" && frame.opened.some(({ channel }) => channel === LAST)) answered.resolve();
        if (frame?.type !== "opened") return;
        // Being let in is as bad as hearing something.
        const letIn = frame.opened.filter(({ answer }) => answer !== "refused");
        opened += letIn.length;
        heard.push(...letIn.map(({ channel }) => docOf.get(channel) ?? ADMIN));
      });
      const first = [LOG, lane(ben)].map((doc, i) => ({ channel: i + 1, doc, had: null }));
      for (const { channel, doc } of first) docOf.set(channel, doc);
      line.raw(writeOpen(first));
      let last = first.length;
      for (const each of all) {
        if (each.kind === "open") {
          const asked = each.docs.map((doc) => {
            last += 1 + each.skip;
            return {
              channel: Math.max(1, last),
              doc: docs[doc] ?? LOG,
              had: each.had ? ({ length: 0, head: "" } as const) : null,
            };
          });
          for (const { channel, doc } of asked) if (!docOf.has(channel)) docOf.set(channel, doc);
          line.raw(writeOpen(asked));
        } else if (each.kind === "data") line.data(each.channel, frames[each.frame] ?? awarenessFrame());
        else if (each.kind === "shut") line.raw(writeShut(each.channel, 1_000));
        else if (each.kind === "credit") line.raw(writeCredit([{ channel: each.channel, bytes: each.bytes }]));
        else line.raw(each.bytes);
      }
      // The server has answered all of it when it answers a question behind it, or has hung up.
      line.raw(writeOpen([{ channel: LAST, doc: LOG, had: null }]));
      await Promise.race([line.closed, answered.promise]);
      line.close();
      await line.closed;
      expect(heard.filter((doc) => !mine.has(doc))).toEqual([]);
    }),
    { numRuns: RUNS },
  );
  expect(opened).toBeGreaterThan(RUNS / 4);
  await control(async () => {
    const line = await connect(url, wid, ben);
    const [log, own] = await line.open([LOG, lane(ben)]);
    await line.until(() => log?.steps === 1 && own?.steps === 1);
    expect(log?.entries()).toEqual(world.log.entries());
  });
});
