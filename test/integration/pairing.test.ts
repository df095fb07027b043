/** Two computers of one person, a real server between them, and whoever else has the code or runs the server. */
import { describe, expect, onTestFinished, test } from "vitest";
import { deviceProofText } from "#core/protocol/command.ts";
import { readPairLink } from "#core/protocol/pair.ts";
import type { PairCode } from "#core/protocol/pair.ts";
import type { PairArrival, PairOffer } from "#bridge/pairing.ts";
import { pairTalk } from "../../electron/host/pairing/talk.ts";
import { startServer } from "../../sync-server/server/server.ts";
import { openSqliteStore } from "../../sync-server/server/store/sqlite-store.ts";
import { main, openApp, teamAt } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { crypto } from "../helpers/node-crypto.ts";
import { startPairRelay } from "../helpers/pair-relay.ts";
import type { PairRelay } from "../helpers/pair-relay.ts";
import { tempDir } from "../helpers/temp.ts";
import { testShell } from "../helpers/test-shell.ts";
import { until } from "../helpers/wait.ts";
import { worded } from "../helpers/worded.ts";

const offer = <S extends PairOffer["step"]>(app: App, step: S): Promise<Extract<PairOffer, { step: S }>> =>
  until(() => {
    const now = app.room.pairing().offer;
    return now?.step === step ? (now as Extract<PairOffer, { step: S }>) : null;
  }, `${app.name} offers: ${step}`);
const arrival = <S extends PairArrival["step"]>(app: App, step: S): Promise<Extract<PairArrival, { step: S }>> =>
  until(() => {
    const now = app.room.pairing().arrival;
    return now?.step === step ? (now as Extract<PairArrival, { step: S }>) : null;
  }, `${app.name} arrives: ${step}`);

const codeOf = (link: string): PairCode => {
  const read = readPairLink(crypto, link);
  if (!read.ok) throw new Error(read.problem);
  return read.code;
};

const begin = async () => {
  const relay = await startPairRelay();
  const server = await startServer({
    store: openSqliteStore(tempDir()),
    host: "127.0.0.1",
    port: 0,
    origins: [relay.url],
    create: "open",
    now: Date.now,
    log: () => undefined,
    limits: { authWithinMs: 600_000 },
  });
  onTestFinished(() => server.close());
  relay.target = `http://127.0.0.1:${server.port}`;
  const team = await teamAt({ url: relay.url });
  return { relay, server, ...team };
};
const makeCode = async (app: App, wid: string): Promise<string> => {
  await app.room.handlers["pair.offer"]({ wid }, main);
  return (await offer(app, "waiting")).link;
};
const come = (app: App, link: string) => app.room.handlers["pair.arrive"]({ code: link, name: "Laptop" }, main);
/** What the person clicks in the popup window, which the shell sees and the host hears. */
const answer = async (app: App, wid: string, same: boolean): Promise<void> => {
  await app.room.handlers["pair.show"]({}, main);
  const { pairing } = app.shell.compared.at(-1) ?? { pairing: "" };
  app.shell.answer(wid, pairing, same);
  await app.room.handlers["pair.answer"]({ wid, pairing, same }, { window: "popup" });
};
const pair = async (app: App, wid: string, name: string): Promise<App> => {
  const second = await openApp(name);
  await come(second, await makeCode(app, wid));
  await arrival(second, "compare");
  await answer(app, wid, true);
  await arrival(second, "done");
  await second.inSync(wid);
  return second;
};
const devicesOf = (app: App, wid: string): number =>
  app.room
    .team(wid)
    .members.find((member) => member.me)
    ?.devices.filter((device) => device.revokedAt === null).length ?? 0;

const linkOf = (app: App, wid: string, invite: string) => app.room.invites(wid).find(({ id }) => id === invite)?.link;

test("[T24] a second computer becomes a device of the same member once its person compared the number", async () => {
  const { ada, wid, relay } = await begin();
  const second = await openApp("Ada's laptop");
  const link = await makeCode(ada, wid);
  const looked = second.room.handlers["pair.inspect"]({ code: link }, main);
  expect(await looked).toMatchObject({ server: relay.url, wid, alreadyHere: false });
  await come(second, link);
  const [here, there] = [await offer(ada, "compare"), await arrival(second, "compare")];
  expect(here).toMatchObject({ name: "Laptop", number: expect.stringMatching(/^[0-9]{6}$/) });
  expect(there).toMatchObject({ workspace: "Harbour", person: "Ada", number: here.number });
  await ada.room.handlers["pair.show"]({}, main);
  expect(ada.shell.number(wid, ada.shell.compared.at(-1)?.pairing ?? "")).toBe(here.number);
  expect(devicesOf(ada, wid)).toBe(1);
  await answer(ada, wid, true);
  expect(await arrival(second, "done")).toEqual({ step: "done", wid, workspace: "Harbour" });
  expect(await offer(ada, "done")).toMatchObject({ name: "Laptop" });
  await second.inSync(wid);
  expect(second.room.team(wid).me).toBe(ada.room.team(wid).me);
  expect([devicesOf(ada, wid), devicesOf(second, wid)]).toEqual([2, 2]);
  // The seed never went anywhere, and neither did a name or a key that the server could read.
  const { seed } = codeOf(link);
  expect(relay.heard).toHaveLength(8);
  for (const text of relay.heard)
    expect(Buffer.from(text, "base64url").toString("latin1")).not.toMatch(/Laptop|Harbour|commitment/);
  expect(relay.heard.join(" ")).not.toContain(seed);
});

test("[T24] a device that was paired can pair another, and both ends can be had again after a restart", async () => {
  const { ada, wid } = await begin();
  const second = await pair(ada, wid, "second");
  await second.close();
  const again = await openApp("second", { dir: second.dir });
  await again.inSync(wid);
  const third = await pair(again, wid, "third");
  expect(devicesOf(third, wid)).toBe(3);
});

test("[T24] [MB15] a computer that was revoked, and one that forgot the workspace, come back with a new key", async () => {
  const { ada, wid } = await begin();
  const second = await pair(ada, wid, "second");
  const device =
    ada.room
      .team(wid)
      .members.find((member) => member.me)
      ?.devices.find((each) => !each.current)?.id ?? "";
  await ada.room.handlers["device.revoke"]({ wid, device }, main);
  await until(() => second.room.status(wid).link === "out", "the revoked device is out");
  const again = async () => {
    await come(second, await makeCode(ada, wid));
    await arrival(second, "compare");
    await answer(ada, wid, true);
    await arrival(second, "done");
    await second.inSync(wid);
  };
  await again();
  expect(devicesOf(second, wid)).toBe(2);
  // Its link was on that computer alone, and goes with the workspace.
  const { id } = await second.room.handlers["invite.create"](
    { wid, role: "guest", label: "", expiresInMs: 60_000, uses: 1 },
    main,
  );
  expect(linkOf(second, wid, id)).toMatch(/^http/);
  await second.room.handlers["workspace.forget"]({ wid }, main);
  await again();
  await until(() => linkOf(second, wid, id) !== undefined, "the invite at the second computer");
  expect(linkOf(second, wid, id)).toBeNull();
  expect(ada.room.team(wid).members.find((member) => member.me)?.devices).toHaveLength(4);
});

test("[T26] without the server nothing is begun, and both the screen and the refusal say why", async () => {
  const { ada, wid } = await begin();
  expect(ada.room.status(wid).canPair).toEqual({ allowed: true, why: worded("Everybody adds their own computers.") });
  await ada.room.handlers["workspace.pause"]({ wid, paused: true }, main);
  const rule = "A new computer is added over the server, and you work offline on purpose. Connect again first.";
  expect(ada.room.status(wid).canPair).toEqual({ allowed: false, why: worded(rule) });
  await expect(ada.room.handlers["pair.offer"]({ wid }, main)).rejects.toEqual(worded(rule));
  await ada.room.handlers["workspace.pause"]({ wid, paused: false }, main);
  await ada.inSync(wid);
  await makeCode(ada, wid);
});

test("[T15] a number that the person calls another adds nothing, and the new computer is told", async () => {
  const { ada, wid } = await begin();
  const second = await openApp("second");
  await come(second, await makeCode(ada, wid));
  await arrival(second, "compare");
  await answer(ada, wid, false);
  expect((await offer(ada, "ended")).reason.code).toBe("pair-declined");
  expect((await arrival(second, "ended")).reason.code).toBe("pair-declined-there");
  expect(devicesOf(ada, wid)).toBe(1);
  expect(second.room.summaries()).toEqual([]);
  expect(await pair(ada, wid, "positive control")).toBeDefined();
});

test("[T15] without the click in the popup the shell signs no device, whatever the host says", async () => {
  const { ada, wid } = await begin();
  const second = await openApp("second");
  await come(second, await makeCode(ada, wid));
  await arrival(second, "compare");
  await ada.room.handlers["pair.show"]({}, main);
  const { pairing } = ada.shell.compared.at(-1) ?? { pairing: "" };
  await expect(async () => ada.room.handlers["pair.answer"]({ wid, pairing, same: true }, main)).rejects.toMatchObject({
    code: "wrong-window",
  });
  await expect(async () =>
    ada.room.handlers["pair.answer"]({ wid, pairing, same: true }, { window: "popup" }),
  ).rejects.toMatchObject({ code: "not-confirmed" });
  expect((await offer(ada, "ended")).reason.code).toBe("not-confirmed");
  expect((await arrival(second, "ended")).reason.code).toBe("pair-failed");
  expect(devicesOf(ada, wid)).toBe(1);
});

describe("[T15] [T28] somebody else has the code", () => {
  test("and comes first: the person's own computer ends it for both", async () => {
    const { ada, wid } = await begin();
    const [eve, second] = [await openApp("Eve"), await openApp("second")];
    const link = await makeCode(ada, wid);
    await come(eve, link);
    await arrival(eve, "compare");
    await expect(come(second, link)).rejects.toMatchObject({ code: "pair-twice" });
    expect((await offer(ada, "ended")).reason.code).toBe("pair-twice");
    expect((await arrival(eve, "ended")).reason.code).toBe("pair-twice");
    await expect(answer(ada, wid, true)).rejects.toThrow();
    expect(devicesOf(ada, wid)).toBe(1);
  });

  test("and comes after it was used", async () => {
    const { ada, wid, relay, server } = await begin();
    const second = await openApp("second");
    const link = await makeCode(ada, wid);
    await come(second, link);
    await arrival(second, "compare");
    await answer(ada, wid, true);
    await arrival(second, "done");
    // Both computers have hung up; the server may hear of it a moment later.
    await until(
      () => relay.open().pairing === 0 && relay.open().all === server.load().sockets,
      "the end of the pairing at the server",
    );
    const eve = await openApp("Eve");
    await expect(come(eve, link)).rejects.toMatchObject({ code: "pair-gone" });
    expect(eve.room.summaries()).toEqual([]);
  });

  test("and is in the workspace already", async () => {
    const { ada, ben, wid } = await begin();
    await expect(come(ben, await makeCode(ada, wid))).rejects.toMatchObject({ code: "already-here" });
  });
});

describe("[T15] a server that meddles adds nothing and is told from a person", () => {
  const flip = (text: string): string => `${text.slice(0, 40)}${text[40] === "A" ? "B" : "A"}${text.slice(41)}`;
  const cases: [string, PairRelay["change"]][] = [
    ["changes the new device's keys", ({ nth, from, text }) => (from === "app" && nth === 2 ? flip(text) : text)],
    ["puts other words in their place", ({ nth, from, text }) => (from === "app" && nth === 2 ? "b3RoZXI" : text)],
    [
      "sends the older device its own words back",
      ({ nth, from, text }) => {
        if (from === "app" && nth === 1) first = text;
        return from === "server" && nth === 2 ? first : text;
      },
    ],
  ];
  let first = "";
  test.each(cases)("%s", async (_title, change) => {
    const { ada, wid, relay } = await begin();
    relay.change = change;
    const second = await openApp("second");
    await come(second, await makeCode(ada, wid));
    expect((await offer(ada, "ended")).reason.code).toBe("pair-unfit");
    expect((await arrival(second, "ended")).reason.code).toBe("pair-unfit-here");
    expect(devicesOf(ada, wid)).toBe(1);
    relay.change = ({ text }) => text;
    expect(await pair(ada, wid, "positive control")).toBeDefined();
  });

  test("changes what the new device hears", async () => {
    const { ada, wid, relay } = await begin();
    relay.change = ({ nth, from, text }) => (from === "server" && nth === 3 ? flip(text) : text);
    const second = await openApp("second");
    await come(second, await makeCode(ada, wid));
    expect((await arrival(second, "ended")).reason.code).toBe("pair-unfit-here");
    expect((await offer(ada, "ended")).reason.code).toBe("pair-left");
    expect(devicesOf(ada, wid)).toBe(1);
  });

  test("[PA3] has the code too, and opens another commitment than was made", async () => {
    const { ada, wid, relay } = await begin();
    const second = await openApp("second");
    const link = await makeCode(ada, wid);
    const stolen = pairTalk(codeOf(link).seed);
    relay.change = ({ nth, from, text }) =>
      from === "server" && nth === 3 ? stolen.seal("open", { nonce: "n".repeat(22) }) : text;
    await come(second, link);
    expect((await arrival(second, "ended")).reason.code).toBe("pair-unfit-here");
    expect(devicesOf(ada, wid)).toBe(1);
  });

  test("[PA2] has the code too, and puts its own keys in: the two numbers differ", async () => {
    const { ada, wid, relay } = await begin();
    const [second, eve] = [await openApp("second"), testShell(tempDir())];
    const link = await makeCode(ada, wid);
    const { seed, member } = codeOf(link);
    const stolen = pairTalk(seed);
    const { device, x, enc } = (await eve.request("keys.make", {})) as { device: string; x: string; enc: string };
    const pop = (await eve.request("keys.sign", { device, input: deviceProofText(wid, member, x, enc) })) as string;
    const theirs = stolen.seal("keys", { x, enc, pop, name: "Laptop", newNonce: "n".repeat(22) });
    relay.change = ({ nth, from, text }) => (from === "app" && nth === 2 ? theirs : text);
    await come(second, link);
    const [here, there] = [await offer(ada, "compare"), await arrival(second, "compare")];
    expect(here.number).not.toBe(there.number);
    await answer(ada, wid, false);
    expect(devicesOf(ada, wid)).toBe(1);
  });

  test("drops the last word: the new device asks for itself and is in", async () => {
    const { ada, wid, relay } = await begin();
    relay.change = ({ nth, from, text }) => (from === "server" && nth === 4 ? 1011 : text);
    const second = await pair(ada, wid, "second");
    expect(devicesOf(second, wid)).toBe(2);
  });

  test("does not know pairing", async () => {
    const { ada, wid, relay } = await begin();
    relay.refuseOpen = 4400;
    await expect(makeCode(ada, wid)).rejects.toMatchObject({ code: "pair-old-server" });
  });
});

describe("a pairing ends in words on both screens", () => {
  test("when the older device stops", async () => {
    const { ada, wid } = await begin();
    const second = await openApp("second");
    await come(second, await makeCode(ada, wid));
    await arrival(second, "compare");
    await ada.room.handlers["pair.stop"]({}, main);
    expect(ada.room.pairing()).toEqual({ offer: null, arrival: null });
    expect((await arrival(second, "ended")).reason.code).toBe("pair-over");
  });

  test("when the new device stops", async () => {
    const { ada, wid } = await begin();
    const second = await openApp("second");
    await come(second, await makeCode(ada, wid));
    await offer(ada, "compare");
    await second.room.handlers["pair.stop"]({}, main);
    expect((await offer(ada, "ended")).reason.code).toBe("pair-left");
    await expect(answer(ada, wid, true)).rejects.toMatchObject({ code: "pair-left" });
  });

  test("when a newer code is made", async () => {
    const { ada, wid } = await begin();
    const link = await makeCode(ada, wid);
    const newer = await makeCode(ada, wid);
    const second = await openApp("second");
    await expect(come(second, link)).rejects.toMatchObject({ code: "pair-gone" });
    await come(second, newer);
    await arrival(second, "compare");
  });

  test("[T15] when the person is removed meanwhile", async () => {
    const { ada, ben, wid } = await begin();
    const second = await openApp("second");
    await come(second, await makeCode(ben, wid));
    await arrival(second, "compare");
    await ada.room.handlers["member.remove"]({ wid, member: ben.room.team(wid).me }, main);
    expect((await offer(ben, "ended")).reason.code).toBe("pair-refused");
    await until(() => ben.room.status(wid).link === "out", "the entry that says so");
    expect((await arrival(second, "ended")).reason.code).toBe("pair-over");
    expect(second.room.summaries()).toEqual([]);
  });

  test("[T28] when the code is none", async () => {
    const { ada } = await begin();
    for (const [code, problem] of [
      ["", "pair-malformed"],
      ["x".repeat(1_000_000), "pair-too-long"],
      ["bulkhead://join#1.a.b", "pair-is-invite"],
      ["bulkhead://pair#2.a.b", "pair-version"],
    ] as const) {
      await expect(async () => ada.room.handlers["pair.inspect"]({ code }, main), problem).rejects.toMatchObject({
        code: problem,
      });
      await expect(come(ada, code)).rejects.toMatchObject({ code: problem });
    }
  });
});

test("[T18] a card reaches both computers of an approver, and the decision on one closes it on the other", async () => {
  const { ada, ben, wid } = await begin();
  const second = await pair(ada, wid, "second");
  // What is asked before Ben's app knows of it is sealed without the second computer.
  await until(
    () => ben.room.team(wid).members.find(({ name }) => name === "Ada")?.devices.length === 2,
    "the second computer at Ben's",
  );
  const call = ben.call(wid, "serverserverserverserv", '{"path":"/a"}');
  await ben.room.authority.ask(call);
  const [here, there] = [await ada.card(wid), await second.card(wid)];
  expect(here.request).toBe(there.request);
  expect([here.canVote.allowed, there.canVote.allowed]).toEqual([true, true]);
  await second.decide(wid, there.request, "approve");
  await ada.card(wid, (card) => card.request === here.request && card.state === "approved");
  await until(() => ben.room.authority.standing(call.id)?.state === "approved", "Ben may go on");
  await expect(ada.decide(wid, here.request, "reject")).rejects.toThrow();
});

test("[T20] the second computer of whoever asked cannot decide it, Admin or not", async () => {
  const { ada, ben, wid } = await begin();
  await ada.room.handlers["member.setRole"]({ wid, member: ben.room.team(wid).me, role: "admin" }, main);
  const second = await pair(ada, wid, "second");
  await ada.room.authority.ask(ada.call(wid, "serverserverserverserv", '{"path":"/a"}'));
  const card = await second.card(wid);
  expect(card).toMatchObject({ mine: true, canVote: { allowed: false } });
  await expect(second.decide(wid, card.request, "approve")).rejects.toThrow();
  expect((await ada.card(wid)).votes).toEqual([]);
});
