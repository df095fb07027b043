/** One person's work stays on their computer and out of everybody's model. */
import { wordsOf } from "../helpers/worded.ts";
import { join } from "node:path";
import {
  acceptServer,
  addFilesystem,
  callBecomes,
  callInNewThread,
  cardFor,
  decide,
  found,
} from "../../scripts/apps/team.ts";
import { canary, findCanaries } from "../helpers/canary.ts";
import type { Source } from "../helpers/canary.ts";
import { startModelServer } from "../helpers/model-server.ts";
import type { ModelServer } from "../helpers/model-server.ts";
import { talk, withModel } from "../helpers/talk.ts";
import { bring } from "../helpers/world.ts";
import type { Person, World } from "../helpers/world.ts";
import { expect, test } from "./fixtures.ts";

const bodies = (server: ModelServer): Source[] =>
  server.requests.map((request, index) => ({
    path: `model request ${index}`,
    bytes: Buffer.from(JSON.stringify(request)),
  }));

const outsideOf = (world: World, others: readonly Person[], nets: readonly Person[]): Source[] => [
  ...world.files(world.server.dataDir),
  { path: "server log", bytes: Buffer.from(world.server.output()) },
  ...others.flatMap(({ name, app }) => [
    ...world.files(app.dataDir),
    { path: `${name}'s log`, bytes: Buffer.from(app.output()) },
  ]),
  ...nets.flatMap(({ name, net }) => [
    { path: `${name}'s wire`, bytes: net.raw() },
    ...net.messages().map((message, index) => ({ path: `${name}'s message ${index}`, bytes: message.bytes })),
  ]),
];

test("[T1] 200 messages of Ada about kubectl leave no byte in the request to Ben's model", async ({
  team: { ada, ben, wid },
}) => {
  test.slow();
  const words: string[] = [];
  const adasModel = await startModelServer((index) => [{ text: `kubectl answer ${canary(`answer${index}`)}` }]);
  const bensModel = await startModelServer(() => [{ text: "Use margin: auto." }]);
  await Promise.all([withModel(ada, adasModel), withModel(ben, bensModel)]);
  const thread = await ada.rpc.call("thread.create", { wid });
  for (let i = 0; i < 200; i++) {
    const word = canary(`kubectl${i}`);
    words.push(word);
    await talk(ada.rpc, wid, thread.id, `kubectl get pods -n ${word}`);
  }
  const other = await ben.rpc.call("thread.create", { wid });
  await talk(ben.rpc, wid, other.id, "How do I center a div with CSS?");
  expect(bensModel.requests.length).toBeGreaterThan(0);
  expect(findCanaries(bodies(bensModel), words)).toEqual([]);
  expect(bodies(bensModel).some(({ bytes }) => bytes.includes("kubectl"))).toBe(false);
  // The scan can see: the same words are in Ada's own requests.
  expect(findCanaries(bodies(adasModel).slice(-1), words.slice(-1))).not.toEqual([]);
  await Promise.all([adasModel.close(), bensModel.close()]);
});

test("[T2] [T23] private text is nowhere but on its owner's computer, and the scan finds what was planted in a synced place", async ({
  world,
}) => {
  const control = canary("workspaceName");
  const [ada, ben] = await Promise.all([world.person("Ada"), world.person("Ben")]);
  const wid = await found(ada.rpc, "Ada", control.slice(0, 60), ada.net.url);
  const tool = await addFilesystem(ada.rpc, wid, world.folder);
  await bring(ada, ben, wid);
  await acceptServer(ben.rpc, wid, tool);

  const secret = {
    text: canary("message"),
    answer: canary("answer"),
    title: canary("title"),
    draft: canary("draft"),
    file: canary("file"),
    args: canary("arguments"),
    note: canary("note"),
    deleted: canary("deleted"),
    key: canary("apikey"),
  };
  const model = await startModelServer(() => [{ text: secret.answer }]);
  const { id } = await ben.rpc.call("model.add", {
    kind: "openai-compatible",
    name: "Scripted",
    model: "scripted",
    baseUrl: `${model.url}/v1`,
    key: secret.key,
  });
  await ben.rpc.call("model.setDefault", { model: id });
  const thread = await ben.rpc.call("thread.create", { wid });
  await talk(ben.rpc, wid, thread.id, `Remember ${secret.text}`);
  await ben.rpc.call("thread.rename", { thread: thread.id, title: secret.title });
  await ben.rpc.call("thread.saveDraft", {
    thread: thread.id,
    draft: { text: secret.draft, calls: [], open: null },
    base: 0,
    writer: "window",
    typedAt: 1,
  });
  const gone = await ben.rpc.call("thread.create", { wid });
  await ben.rpc.call("thread.saveDraft", {
    thread: gone.id,
    draft: { text: secret.deleted, calls: [], open: null },
    base: 0,
    writer: "window",
    typedAt: 1,
  });
  await ben.rpc.call("thread.delete", { thread: gone.id });

  // The arguments and the reason leave, sealed to the approvers; nobody else, the server included, can read them.
  const asked = await callInNewThread(ben.rpc, wid, tool, "write_file", {
    path: join(world.folder, `${secret.file}.txt`),
    content: secret.args,
  });
  const card = await cardFor(ada.rpc, wid);
  const shown = await ada.rpc.call("card.get", { wid, request: card.request });
  expect(shown.args).toContain(secret.args);
  expect(JSON.stringify(shown)).not.toContain(secret.title);
  await decide(ada.rpc, wid, card.request, "reject", secret.note);
  expect(wordsOf((await callBecomes(ben.rpc, asked, ["rejected"])).reason)).toContain(secret.note);
  await world.server.crash();
  await ben.rpc.when("status", wid, (status) => status.link === "in-sync");

  const hidden = [secret.text, secret.answer, secret.title, secret.draft, secret.deleted, secret.key];
  const sealed = [secret.file, secret.args, secret.note];
  const places = outsideOf(world, [ada], [ada, ben]);
  expect(places.length).toBeGreaterThan(20);
  expect(findCanaries(places, hidden)).toEqual([]);
  const withoutAdasDisk = outsideOf(world, [], [ada, ben]);
  expect(findCanaries(withoutAdasDisk, sealed)).toEqual([]);
  expect(
    findCanaries(
      [
        { path: "Ben's log", bytes: Buffer.from(ben.app.output()) },
        { path: "notifications", bytes: Buffer.from(JSON.stringify(ada.rpc.notices())) },
      ],
      [...hidden, ...sealed],
    ),
  ).toEqual([]);

  const planted = findCanaries(places, [control.slice(0, 60)]);
  expect(planted.some((hit) => hit.startsWith(world.server.dataDir))).toBe(true);
  expect(planted.some((hit) => hit.startsWith("Ben's message"))).toBe(true);
  expect(planted.some((hit) => hit.startsWith(ada.app.dataDir))).toBe(true);
  expect(findCanaries(world.files(ben.app.dataDir), [secret.text])).not.toEqual([]);
  await model.close();
});

test("[T3] [T4] a request holds its own thread alone, and the same bytes whether teammates are busy or not", async ({
  team: { ada, ben, wid },
}) => {
  const quietModel = await startModelServer(() => [{ text: "ok" }]);
  await Promise.all([withModel(ben, quietModel), withModel(ada, quietModel)]);
  const ask = async (person: Person) => {
    const thread = await person.rpc.call("thread.create", { wid });
    await talk(person.rpc, wid, thread.id, "How do I center a div with CSS?");
    const view = await person.rpc.when("thread", thread.id, (now) => now.run === null);
    return {
      body: quietModel.requests.at(-1)?.body ?? "",
      tokens: view.tokens.context,
      labels: view.context.map((item) => item.label),
    };
  };
  const quiet = await ask(ben);
  const word = canary("otherThread");
  const other = await ben.rpc.call("thread.create", { wid });
  await talk(ben.rpc, wid, other.id, `My other thread says ${word}`);
  const busy = await Promise.all(Array.from({ length: 5 }, () => ada.rpc.call("thread.create", { wid })));
  for (const thread of busy) await talk(ada.rpc, wid, thread.id, `busy ${canary("busy")}`);
  const loud = await ask(ben);
  expect(loud.body).toBe(quiet.body);
  expect(loud.tokens).toBe(quiet.tokens);
  expect(loud.labels).toEqual(quiet.labels);
  expect(loud.labels.length).toBeGreaterThan(1);
  expect(loud.body).not.toContain(word);
  await quietModel.close();
});

test("[T12] Ada's list, search, notifications and database show nothing of Ben's threads", async ({
  team: { ada, ben, wid },
  world,
}) => {
  const word = canary("bensThread");
  const model = await startModelServer(() => [{ text: "Noted." }]);
  await withModel(ben, model);
  const thread = await ben.rpc.call("thread.create", { wid });
  await talk(ben.rpc, wid, thread.id, `Plans ${word}`);
  expect((await ben.rpc.call("search", { wid, query: word })).length).toBeGreaterThan(0);
  const own = await ada.rpc.call("thread.create", { wid });

  expect((await ada.rpc.when("threads", wid, (threads) => threads.length > 0)).map((one) => one.id)).toEqual([own.id]);
  expect(await ada.rpc.call("search", { wid, query: word })).toEqual([]);
  await expect(ada.rpc.call("thread.page", { thread: thread.id, before: null, limit: 10 })).rejects.toThrow();
  await expect(ada.rpc.call("thread.draft", { thread: thread.id })).rejects.toThrow();
  expect(ada.rpc.notices()).toEqual([]);
  expect(findCanaries(world.files(ada.app.dataDir), [word])).toEqual([]);
  await model.close();
});
