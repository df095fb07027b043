/** Floods: however many cards come, few notifications and popups come by themselves, and nobody is hidden behind another. */
import { describe, expect, test } from "vitest";
import { createAnnouncements } from "../../../../electron/host/cards/announcements.ts";
import type { Live } from "#client/live.ts";
import { createPace } from "#bridge/pace.ts";
import type { Shell } from "../../../../electron/host/seams.ts";
import { createAnnouncedStore } from "../../../../electron/host/store/announced.ts";
import { openStore } from "../../../../electron/host/store/open.ts";
import { createWorkspaceStore } from "../../../../electron/host/store/workspaces.ts";
import type { ReadRequest } from "#core/rules/read.ts";
import { WAITING_MAX } from "#core/rules/waiting.ts";
import { createTeam, QUEUE, requestBody } from "../../../helpers/people.ts";
import type { Person } from "../../../helpers/people.ts";
import { tempDir } from "../../../helpers/temp.ts";
import { told } from "#bridge/told.ts";
import type { Told } from "#bridge/told.ts";
import { factWords } from "#text/facts.ts";

const MINUTE = 60_000;
const times = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

const room = () => {
  const team = createTeam();
  const store = openStore({ dir: tempDir() });
  createWorkspaceStore(store).add(
    {
      wid: team.wid,
      member: team.ada.member,
      device: team.ada.device,
      nextDevice: null,
      server: "http://127.0.0.1:1",
      embedded: null,
      paused: false,
      halt: null,
      pin: [0, ""],
    },
    0,
  );
  const live = {
    wid: team.wid,
    log: team.log,
    me: team.ada.member,
    serverNow: () => team.now,
    docs: { queues: () => [team.queue], lanes: () => [] },
  } as unknown as Live;
  const said: { readonly title: Told; readonly card: { readonly request: string } | null }[] = [];
  const popups: string[] = [];
  const at = { now: 0, open: false };
  const shell = {
    request: (method: string, params: { readonly request: string }) => {
      if (method === "notify") said.push(params as never);
      if (method === "popup.show") popups.push(params.request);
      return Promise.resolve(null);
    },
  } as unknown as Shell;
  const open = (request: ReadRequest): boolean => team.queue.requests.get(request.id)?.state === "pending";
  const announcements = createAnnouncements({
    shell,
    announced: createAnnouncedStore(store),
    clock: { monotonic: () => at.now },
    popupOpen: () => at.open,
    find: () => live,
    notifications: () => true,
    canDecide: (_live, request) => open(request),
    waits: () => false,
  });
  const pass = (ms: number): void => {
    at.now += ms;
    team.pass(ms);
  };
  const tell = (): void => announcements.tell(live, [...team.queue.requests.values()].filter(open));
  const ask = (by: Person): string => team.given(by, QUEUE, "approval.request", requestBody());
  return {
    team,
    live,
    announcements,
    said,
    popups,
    at,
    pass,
    tell,
    ask,
    titles: () => said.splice(0).map(({ title }) => factWords(title)),
  };
};

describe("[BU4] cards that come at once", () => {
  test("ten of one person are three notifications, one for the others, and one popup; somebody else's is told beside them", () => {
    const { team, tell, ask, titles, popups } = room();
    const [ben, cleo] = [team.member("Ben"), team.member("Cleo")];
    for (const _ of times(WAITING_MAX)) ask(ben);
    const hers = ask(cleo);
    tell();
    const heard = titles();
    expect(heard.filter((title) => title.startsWith("Ben asks"))).toHaveLength(3);
    expect(heard.filter((title) => title.startsWith("Cleo asks"))).toHaveLength(1);
    expect(heard.filter((title) => title === "More cards wait for you")).toHaveLength(1);
    expect(heard).toHaveLength(5);
    expect([popups.length, popups.includes(hers)]).toEqual([1, false]);
    tell();
    expect([titles(), popups.length]).toEqual([[], 1]);
  });

  test("forty of twenty people are five notifications and one for the others", () => {
    const { team, tell, ask, titles } = room();
    const people = times(20).map((i) => team.member(`Person ${i}`));
    for (const i of times(40)) ask(people[i >> 1] as Person);
    tell();
    const heard = titles();
    expect(new Set(heard.slice(0, 5)).size).toBe(5);
    expect(heard.slice(5)).toEqual(["More cards wait for you"]);
  });

  test("own calls are told in the same way", () => {
    const { live, announcements, titles } = room();
    announcements.tellOwn(
      live,
      times(30).map((i) => ({
        id: `call${i}`,
        title: told("notice.own", `call ${i}`),
        body: told("notice.own-where", "files"),
      })),
    );
    expect(titles()).toEqual([
      "Confirm call 0",
      "Confirm call 1",
      "Confirm call 2",
      "Confirm call 3",
      "Confirm call 4",
      "More cards wait for you",
    ]);
  });
});

describe("[BU4] somebody who asks and withdraws in turn", () => {
  test("opens five popups and no more than one each half minute, and three notifications and then one each minute", () => {
    const { team, tell, ask, titles, popups, pass } = room();
    const ben = team.member("Ben");
    const turn = (): void => {
      const id = ask(ben);
      tell();
      team.given(ben, QUEUE, "approval.cancel", { request: id });
      pass(100);
    };
    for (const _ of times(112)) turn();
    expect(popups).toHaveLength(5);
    expect(titles()).toEqual([
      "Ben asks to run write_file",
      "Ben asks to run write_file",
      "Ben asks to run write_file",
      "More cards wait for you",
    ]);
    pass(MINUTE);
    for (const _ of times(20)) turn();
    expect(popups).toHaveLength(7);
    expect(titles()).toEqual(["Ben asks to run write_file"]);
  });

  test("is no flood while this person answers: each next one is told and shown", () => {
    const { team, live, announcements, tell, ask, titles, popups } = room();
    const ben = team.member("Ben");
    for (const i of times(30)) {
      const id = ask(ben);
      tell();
      expect([popups.at(-1), titles()]).toEqual([id, ["Ben asks to run write_file"]]);
      const request = team.queue.requests.get(id as never);
      if (request === undefined) throw new Error("it was asked");
      announcements.answered(live, request);
      team.given(team.ada, QUEUE, "approval.vote", { request: id, v: i % 2 === 0 ? "approve" : "reject", note: null });
    }
  });

  test("does not keep another person's card from coming up", () => {
    const { team, tell, ask, popups } = room();
    const [ben, cleo] = [team.member("Ben"), team.member("Cleo")];
    for (const _ of times(20)) {
      const id = ask(ben);
      tell();
      team.given(ben, QUEUE, "approval.cancel", { request: id });
    }
    const hers = ask(cleo);
    tell();
    expect(popups).toHaveLength(6);
    expect(popups.at(-1)).toBe(hers);
  });
});

test("a pace keeps a bounded number of names", () => {
  const at = { now: 0 };
  const pace = createPace({ monotonic: () => at.now }, { atOnce: 2, everyMs: 1_000 });
  expect([pace.take("a"), pace.take("a"), pace.take("a"), pace.take("b")]).toEqual([true, true, false, true]);
  for (const i of times(500)) pace.take(`other ${i}`);
  // Forgotten, so it begins anew.
  expect([pace.take("a"), pace.take("a"), pace.take("a")]).toEqual([true, true, false]);
  at.now += 1_000;
  expect([pace.take("a"), pace.take("a")]).toEqual([true, false]);
});
