/** A founded workspace on the server under measurement, and commands signed ahead so that signing is not measured. */
import { ADMIN, LOG } from "#core/protocol/ids.ts";
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";
import { genesisOf, joinBody, makeInvite, makePerson, signCommand } from "../../helpers/people.ts";
import type { Person } from "../../helpers/people.ts";
import { randomId } from "../../helpers/node-crypto.ts";
import { commandFrame, joinBulkhead } from "./clients.ts";

export interface BenchTeam {
  readonly wid: WorkspaceId;
  readonly ada: Person;
  /** Admins whom she let in: what one person may write within a day is less than what a measurement writes. */
  readonly people: readonly Person[];
}

/** The head that every command names: the entry before any, which each log contains. */
const seen = [0, ""] as const;
const life = (): number => Date.now() + 600_000;

export const revokeCommand = (team: BenchTeam, by: Person): string =>
  signCommand(by, { w: team.wid, d: LOG, k: "invite.revoke", b: { id: randomId() }, seen, exp: life() });

/** A command of about `bytes`: a tool server with long arguments, defined again and again. */
export const largeCommand = (team: BenchTeam, by: Person, bytes: number): string => {
  const args = Array.from({ length: Math.ceil(bytes / 4_096) }, () => "x".repeat(4_096));
  return signCommand(by, {
    w: team.wid,
    d: LOG,
    k: "tool.define",
    b: {
      id: "A".repeat(22),
      name: "Files",
      launch: { kind: "stdio", command: "node", args, env: [], vars: [] },
      tools: [],
      policy: null,
    },
    seen,
    exp: life(),
  });
};

export const foundTeam = async (url: string, count: number): Promise<BenchTeam> => {
  const ada = makePerson("Ada");
  const { wid, body } = genesisOf(ada);
  const command = (by: Person, k: string, b: unknown, doc: DocName = LOG): string =>
    signCommand(by, { w: wid, d: doc, k, b, seen, exp: life() });
  const founder = await joinBulkhead(url, wid, ada, "found");
  await sent(founder, command(ada, "genesis", body));
  const first = await joinBulkhead(url, wid, ada);
  const invite = makeInvite(ada, wid, Date.now(), { uses: count });
  const admin = await joinBulkhead(url, wid, ada, "device", ADMIN);
  await sent(admin, command(ada, "invite.create", { invite: invite.jws, label: "" }, ADMIN));
  admin.ws.close();
  const people: Person[] = [];
  for (let i = 0; i < count; i += 1) {
    const person = makePerson(`Person ${i}`);
    const door = await joinBulkhead(url, wid, person, invite);
    await sent(door, command(person, "member.join", joinBody(wid, invite, person)));
    door.ws.close();
    await sent(first, command(ada, "member.role", { member: person.member, from: "member", to: "admin" }));
    people.push(person);
  }
  first.ws.close();
  return { wid, ada, people };
};

/** Resolves when the server took it. */
export const sent = (client: Awaited<ReturnType<typeof joinBulkhead>>, jws: string): Promise<void> =>
  new Promise((resolve, reject) => {
    client.onAck = (ok) => (ok ? resolve() : reject(new Error("the server refused a command of the benchmark")));
    client.ws.send(commandFrame(1, jws));
  });
