import { describe, expect, test } from "vitest";
import type { Request } from "#core/rules/state.ts";
import type { Opened } from "../../../../electron/host/gate/call-hash.ts";
import { EXAMPLE, fitsMark } from "../../../../electron/host/gate/practice.ts";
import type { Live } from "#client/live.ts";

const SERVER = "serverserverserverserv";
const live = { log: { servers: new Map([[SERVER, { id: SERVER, name: "files", tools: [] }]]) } } as unknown as Live;
const request = (practice: boolean, server = "files") => ({ practice, server }) as Request;
const text = (launch: string, schema: string, id = SERVER): Opened => ({
  v: 1,
  workspace: "w",
  requester: "m",
  device: "d",
  server: { id, launch },
  tool: "t",
  schema,
  args: "{}",
  threadLabel: "Private thread",
  salt: "s",
});
const REAL = [hash("l"), hash("s")] as const;
function hash(letter: string): string {
  return letter.repeat(43);
}

describe("[T20] [T19] [AP19] the mark inside a sealed text", () => {
  test("a practice text stands under a practice request, and a call's text under a real one", () => {
    expect(fitsMark(live, request(true), text("practice", "practice"))).toBe(true);
    expect(fitsMark(live, request(true, EXAMPLE.server), text("practice", "practice", EXAMPLE.id))).toBe(true);
    expect(fitsMark(live, request(false), text(...REAL))).toBe(true);
  });

  test.each([
    ["a real call, marked as practice so that it is waved through", request(true), text(...REAL)],
    ["practice, marked as a real request", request(false), text("practice", "practice")],
    ["half a mark under practice", request(true), text("practice", REAL[1])],
    ["the other half", request(true), text(REAL[0], "practice")],
    ["the example under a real request", request(false, EXAMPLE.server), text("practice", "practice", EXAMPLE.id)],
    ["the example's id with a real call's hashes", request(false, EXAMPLE.server), text(...REAL, EXAMPLE.id)],
    ["the example under the name of a server", request(true), text("practice", "practice", EXAMPLE.id)],
    ["a server under the example's name", request(true, EXAMPLE.server), text("practice", "practice")],
    [
      "a server that is not in the catalogue",
      request(true, "other"),
      text("practice", "practice", "otherotherotherotherot"),
    ],
  ])("%s is not what was signed", (_what, asked, opened) => {
    expect(fitsMark(live, asked, opened)).toBe(false);
  });
});
