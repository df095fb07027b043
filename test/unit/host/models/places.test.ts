import { worded } from "../../../helpers/worded.ts";
import { describe, expect, test } from "vitest";
import { isLoopback, mayGo, placeKey } from "../../../../electron/host/ways/place.ts";
import type { Place } from "../../../../electron/bridge/model.ts";
import { modelRoom, served, type ModelRoom } from "../../../helpers/model-room.ts";

const placeOf = ({ room }: ModelRoom, model: string): Place | undefined =>
  room.view().models.find((each) => each.id === model)?.place;
const tagsOf = (...models: Record<string, unknown>[]) => ({ tags: () => ({ models }) });

describe("[T40] an address is this computer only where no name server has a say", () => {
  test.each([
    ["http://localhost:11434", true],
    ["http://LOCALHOST/v1", true],
    ["http://127.0.0.1:1234", true],
    ["http://127.8.9.10", true],
    ["http://127.1", true],
    ["http://0x7f000001", true],
    ["http://[::1]:4000", true],
    ["http://[0:0:0:0:0:0:0:1]", true],
    ["http://[::ffff:127.0.0.1]:4000", true],
    ["http://0.0.0.0:11434", true],
    ["http://[::]:11434", true],
    ["http://127.0.0.1.nip.io", false],
    ["http://127.0.0.1.example.com", false],
    ["http://localtest.me", false],
    ["http://ollama.localhost", false],
    ["http://localhost.example.com", false],
    ["http://localhost.", false],
    ["http://[::ffff:10.0.0.1]", false],
    ["http://[fe80::1]", false],
    ["http://192.168.1.2", false],
    ["http://128.0.0.1", false],
    ["not an address", false],
  ])("%s: %s", (url, here) => expect(isLoopback(url)).toBe(here));
});

describe("[T40] where text goes is said as it is known", () => {
  test.each([
    ["openai-compatible", "http://127.0.0.1:4000/v1", { kind: "program", host: "127.0.0.1:4000" }],
    ["anthropic", "http://[::1]:4000/v1", { kind: "program", host: "[::1]:4000" }],
    ["lm-studio", "http://127.0.0.1:9", { kind: "program", host: "127.0.0.1:9" }],
    ["ollama", "http://127.0.0.1:9", { kind: "program", host: "127.0.0.1:9" }],
    ["ollama", "https://ollama.example.com", { kind: "host", host: "ollama.example.com" }],
    ["openai", null, { kind: "host", host: "api.openai.com" }],
    ["openai-compatible", "https://xn--80ak6aa92e.com/v1", { kind: "host", host: "xn--80ak6aa92e.com" }],
  ] as const)("%s at %s", async (kind, url, place) => {
    const world = modelRoom();
    const model = await world.add(kind, url);
    await world.room.look(model);
    expect(placeOf(world, model)).toEqual(place);
  });

  test.each([
    ["scripted", { name: "scripted:latest" }, { kind: "here", by: "ollama" }],
    ["Scripted:7b", { name: "scripted:7b", remote_host: "", remote_model: null }, { kind: "here", by: "ollama" }],
    ["gpt-oss:120b-cloud", { name: "gpt-oss:120b-cloud" }, { kind: "through", to: "ollama.com" }],
    ["kimi-k2:cloud", { name: "kimi-k2:cloud" }, { kind: "through", to: "ollama.com" }],
    [
      "mine",
      { name: "mine:latest", remote_host: "https://ollama.com:443", remote_model: "gpt-oss:120b" },
      { kind: "through", to: "ollama.com" },
    ],
    [
      "mine",
      { name: "mine:latest", remote_host: "https://models.example.com:8443" },
      { kind: "through", to: "models.example.com:8443" },
    ],
    ["mine", { name: "mine:latest", remote_model: "gpt-oss:120b" }, { kind: "through", to: "ollama.com" }],
    ["cloud-atlas:7b", { name: "cloud-atlas:7b" }, { kind: "here", by: "ollama" }],
    ["other", { name: "scripted:latest" }, { kind: "program" }],
  ])("Ollama's %s, listed as %o", async (name, listed, place) => {
    const server = await served(() => [], tagsOf(listed));
    const world = modelRoom();
    const model = await world.add("ollama", server.url, null, name);
    expect(await world.room.look(model)).toEqual({ ...place, host: new URL(server.url).host });
  });

  test("a model that moves is told of at once, and the word of its person does not stand against Ollama's", async () => {
    const list: { remote_host?: string }[] = [{}];
    const server = await served(() => [], {
      tags: () => ({ models: list.map((each) => ({ name: "scripted:latest", ...each })) }),
    });
    const world = modelRoom();
    const model = await world.add("ollama", server.url, null);
    expect(await world.room.look(model)).toMatchObject({ kind: "here", by: "ollama" });
    await world.room.handlers["model.setRunsHere"]({ model, runsHere: true });
    const told = world.published.length;
    list[0] = { remote_host: "https://ollama.com" };
    expect(await world.room.look(model)).toMatchObject({ kind: "through", to: "ollama.com" });
    expect(world.published.slice(told)).toEqual(expect.arrayContaining(["models", "thread"]));
    expect(placeOf(world, model)).toMatchObject({ kind: "through" });
  });

  test("what Ollama said ends when something else answers at its address", async () => {
    const now: { tags: unknown } = { tags: { models: [{ name: "scripted" }] } };
    const server = await served(() => [], { tags: () => now.tags });
    const world = modelRoom();
    const model = await world.add("ollama", server.url, null);
    expect(await world.room.look(model)).toMatchObject({ kind: "here" });
    now.tags = null;
    expect(await world.room.look(model)).toMatchObject({ kind: "program" });
  });

  test("the person can say that a program here runs the model itself, and of no other address", async () => {
    const world = modelRoom();
    const [near, far] = [
      await world.add("lm-studio", "http://127.0.0.1:9"),
      await world.add("openai-compatible", "https://models.example.com/v1"),
    ];
    await world.room.handlers["model.setRunsHere"]({ model: near, runsHere: true });
    expect(placeOf(world, near)).toEqual({ kind: "here", by: "person", host: "127.0.0.1:9" });
    await world.room.handlers["model.setRunsHere"]({ model: near, runsHere: false });
    expect(placeOf(world, near)).toEqual({ kind: "program", host: "127.0.0.1:9" });
    expect(() => world.room.handlers["model.setRunsHere"]({ model: far, runsHere: true })).toThrow(
      worded(/not this computer/),
    );
    expect(placeOf(world, far)).toEqual({ kind: "host", host: "models.example.com" });
  });

  test("models that are found say who runs them", async () => {
    const [ollama, lmStudio] = [
      await served(() => [], tagsOf({ name: "llama3" }, { name: "gpt-oss:120b-cloud" })),
      await served(() => [], { models: ["qwen"] }),
    ];
    const { room } = modelRoom({ ollama: ollama.url, lmStudio: lmStudio.url });
    await room.detect();
    expect(room.view().detected).toEqual([
      {
        kind: "ollama",
        baseUrl: ollama.url,
        models: [
          { name: "llama3", to: null },
          { name: "gpt-oss:120b-cloud", to: "ollama.com" },
        ],
      },
      { kind: "lm-studio", baseUrl: lmStudio.url, models: [{ name: "qwen", to: null }] },
    ]);
  });
});

test("[T40] text goes where its person was told or nearer, and a removed model is replaced by none", async () => {
  const here: Place = { kind: "here", by: "ollama", host: "127.0.0.1:1" };
  const program: Place = { kind: "program", host: "127.0.0.1:1" };
  const through: Place = { kind: "through", to: "ollama.com", host: "127.0.0.1:1" };
  const far: Place = { kind: "host", host: "api.example.com" };
  const may = (told: Place, now: Place) => mayGo(placeKey(told), now);
  expect([here, program, through, far].map((each) => may(each, each))).toEqual([true, true, true, true]);
  expect([program, through, far].map((each) => may(each, here))).toEqual([true, true, true]);
  expect([program, through, far].map((each) => may(here, each))).toEqual([false, false, false]);
  expect([
    may(program, through),
    may(program, far),
    may(through, program),
    may(through, far),
    may(far, through),
  ]).toEqual([true, false, false, false, false]);
  expect([here, program, through, far].map((each) => mayGo("", each))).toEqual([false, false, false, false]);

  const world = modelRoom();
  const first = await world.add("openai-compatible", "http://127.0.0.1:9/v1");
  const second = await world.add("openai-compatible", "https://api.example.com/v1");
  expect(world.room.choose("default")?.id).toBe(first);
  await world.room.handlers["model.remove"]({ model: first });
  expect(world.room.choose(first)).toBeNull();
  expect(world.room.choose("default")).toBeNull();
  expect(world.room.choose(second)?.id).toBe(second);
});
