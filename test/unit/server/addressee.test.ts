/** Where a command goes, and that a name which is only claimed makes nobody read or keep anything. */
import { describe, expect, test } from "vitest";
import type { CommandPayload, Signed } from "#core/protocol/command.ts";
import { ADMIN, laneDoc, LOG, queueDoc } from "#core/protocol/ids.ts";
import type { DocName, Hash, QueueId } from "#core/protocol/ids.ts";
import { DEFAULT_QUEUE, newApprovalDoc, newLog } from "#core/rules/state.ts";
import type { ApprovalDoc } from "#core/rules/state.ts";
import { createAddressee } from "../../../sync-server/server/order/addressee.ts";
import { createTeam, makePerson } from "../../helpers/people.ts";

const QUEUE = queueDoc(DEFAULT_QUEUE);
const ben = makePerson("Ben");
const ASKED = "r".repeat(43) as Hash;

const setup = (log?: ReturnType<typeof newLog>) => {
  const team = createTeam();
  const read: DocName[] = [];
  const docs = new Map<DocName, ApprovalDoc>();
  const doc = (name: DocName): ApprovalDoc => {
    const made = docs.get(name) ?? newApprovalDoc(name);
    docs.set(name, made);
    return made;
  };
  const addressee = createAddressee({
    log: log ?? team.log,
    wid: team.wid,
    store: { length: async () => 0 },
    approvalDoc: async (name) => {
      read.push(name);
      return doc(name);
    },
    folded: (name) => docs.has(name),
  });
  const said = (d: string, k: string, b: unknown): Signed<CommandPayload> =>
    ({ kid: team.ada.device, payload: { d, k, b } }) as unknown as Signed<CommandPayload>;
  /** Ben asked this, and his lane holds it. */
  const ask = (lane: DocName): void => {
    const request = { id: ASKED, requester: ben.member } as unknown as Parameters<ApprovalDoc["requests"]["set"]>[1];
    doc(QUEUE).requests.set(ASKED, request);
    doc(lane).requests.set(ASKED, request);
  };
  return { team, addressee, said, read, ask };
};

describe("[SV1] a command goes", () => {
  test("to the log and the admin list as it says, and to nothing else but a queue", async () => {
    const { team, addressee, said, read } = setup();
    expect(await addressee.of(said(LOG, "member.role", {}))).toEqual({ doc: "log", lane: null });
    expect(await addressee.of(said(ADMIN, "audit.note", {}))).toEqual({ doc: "admin", lane: null });
    expect(await addressee.of(said(laneDoc(team.ada.member), "approval.request", {}))).toBe("wrong-doc");
    expect(read).toEqual([]);
  });

  test("nowhere before there is a log, and nowhere by a name that no policy made, of which nothing is read", async () => {
    const { team, addressee, said, read } = setup();
    expect(await setup(newLog(team.wid)).addressee.of(said(QUEUE, "approval.request", {}))).toBe("not-a-member");
    expect(await addressee.of(said(queueDoc("claimed" as QueueId), "approval.request", {}))).toBe("no-such-queue");
    expect(await addressee.of(said(`${QUEUE}:9`, "approval.request", {}))).toBe("no-such-queue");
    expect(read).toEqual([]);
  });

  test("with a request to the lane of whoever asks, and with a vote to the lane of whoever asked", async () => {
    const { team, addressee, said, ask } = setup();
    ask(laneDoc(ben.member));
    const asked = await addressee.of(said(QUEUE, "approval.request", {}));
    expect(asked).toMatchObject({ doc: "queue", lane: { doc: laneDoc(team.ada.member) } });
    const voted = await addressee.of(said(QUEUE, "approval.vote", { request: ASKED }));
    expect(voted).toMatchObject({ doc: "queue", lane: { doc: laneDoc(ben.member) } });
    expect(await addressee.of(said(QUEUE, "approval.vote", { request: "x".repeat(43) }))).toBe("no-such-request");
  });

  test("with what concerns an older request to the older lane that holds it, and with what is new to the newest", async () => {
    const { team, addressee, said, ask } = setup();
    const first = laneDoc(ben.member);
    team.log.epochs.set(first, [[team.log.seq, 3]]);
    ask(laneDoc(ben.member, 2));
    const later = await addressee.of(said(QUEUE, "approval.vote", { request: ASKED }));
    expect(later).toMatchObject({ lane: { doc: laneDoc(ben.member, 2) } });
    team.log.epochs.set(laneDoc(team.ada.member), [[team.log.seq, 3]]);
    const anew = await addressee.of(said(QUEUE, "approval.request", {}));
    expect(anew).toMatchObject({ lane: { doc: laneDoc(team.ada.member, 3) } });
  });

  test("into no queue where its lane does not hold what it is about", () => {
    const { team, addressee, said, ask } = setup();
    const lane = newApprovalDoc(laneDoc(ben.member));
    const vote = said(QUEUE, "approval.vote", { request: ASKED });
    expect(addressee.refusedByLane(lane, vote, 100, team.now)).toBe("no-such-request");
    ask(laneDoc(ben.member));
    lane.requests.set(ASKED, { id: ASKED } as unknown as Parameters<ApprovalDoc["requests"]["set"]>[1]);
    expect(addressee.refusedByLane(lane, vote, 100, team.now)).toBeUndefined();
  });
});
