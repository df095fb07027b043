/** Names that cannot be read are refused in words wherever somebody gives one, before anything is signed. */
import { expect, test } from "vitest";
import type { Method } from "#bridge/contract.ts";
import { startServerProcess } from "../helpers/app.ts";
import { openTestHost } from "../helpers/host.ts";
import { worded } from "../helpers/worded.ts";

const HIDDEN = "Ha\u200brbour";
const launch = { kind: "http" as const, url: "https://tools.example", headers: [], vars: [] };

test("[T31] every name that a person gives is refused in words where something in it cannot be seen", async () => {
  const sync = await startServerProcess();
  const host = await openTestHost("Ada");
  const { wid } = await host.call("workspace.create", {
    name: "Harbour",
    server: { kind: "url", url: sync.url },
    unnamed: "ask",
  });
  const { id: thread } = await host.call("thread.create", { wid });
  const { base } = await host.call("policy.preview", { wid, changes: [] });
  const queue = {
    id: "second",
    all: [{ n: 1, roles: ["owner"], members: [] }],
    deny: 1,
    decideMs: 3_600_000,
    useMs: 3_600_000,
    steps: [],
    practice: false,
    oneForTwo: false,
    independent: false,
  };
  const named = (name: string): readonly (readonly [Method, unknown])[] => [
    ["profile.set", { name }],
    ["workspace.create", { name, server: { kind: "url", url: sync.url }, unnamed: "ask" }],
    ["role.define", { wid, role: null, name, caps: [] }],
    ["policy.change", { wid, base, changes: [{ kind: "queue", queue: { ...queue, name } }] }],
    ["server.add", { wid, name, launch, values: {}, effects: {} }],
    ["thread.rename", { thread, title: name }],
  ];
  for (const [method, params] of named(HIDDEN))
    await expect(host.call(method, params), method).rejects.toEqual(
      worded("That name holds a character that cannot be seen. Type it again by hand."),
    );
  for (const [method, params] of named(""))
    await expect(host.call(method, params), method).rejects.toEqual(worded("Write a name."));
  // The same with a name that can be read goes through, but for the server, whose address is nobody's.
  for (const [method, params] of named("Harbour two"))
    if (method !== "server.add") await expect(host.call(method, params), method).resolves.toBeDefined();
});
