/** A founded workspace on the server under measurement, and commands signed ahead so that signing is not measured. */
import { LOG } from "#core/ids.ts";
import type { WorkspaceId } from "#core/ids.ts";
import { deviceBody, genesisOf, makeDevice, makePerson, signCommand } from "../../helpers/people.ts";
import type { Person } from "../../helpers/people.ts";
import { randomId } from "../../helpers/node-crypto.ts";
import { commandFrame, joinBulkhead } from "./clients.ts";

export interface BenchTeam {
  readonly wid: WorkspaceId;
  readonly ada: Person;
  /** Further devices of hers, each with its own counter. */
  readonly devices: readonly Person[];
}

/** The head that every command names: the entry before any, which each log contains. */
const seen = [0, ""] as const;
const life = (): number => Date.now() + 600_000;

export const revokeCommand = (team: BenchTeam, by: Person): string => signCommand(by, { w: team.wid, d: LOG, k: "invite.revoke", b: { id: randomId() }, seen, exp: life() });

/** A command of about `bytes`: a tool server with long arguments, defined again and again. */
export const largeCommand = (team: BenchTeam, by: Person, bytes: number): string => {
  const args = Array.from({ length: Math.ceil(bytes / 4_096) }, () => "x".repeat(4_096));
  return signCommand(by, { w: team.wid, d: LOG, k: "tool.define", b: { id: "A".repeat(22), name: "Files", launch: { kind: "stdio", command: "node", args, env: [], vars: [] }, tools: [], policy: null }, seen, exp: life() });
};

export const foundTeam = async (url: string, devices: number): Promise<BenchTeam> => {
  const ada = makePerson("Ada");
  const { wid, body } = genesisOf(ada);
  const genesis = signCommand(ada, { w: wid, d: LOG, k: "genesis", b: body, seen, exp: life() });
  const founder = await joinBulkhead(url, wid, ada, "found");
  await send(founder, genesis);
  const first = await joinBulkhead(url, wid, ada);
  const others: Person[] = [];
  for (let i = 0; i < devices; i += 1) {
    const device = makeDevice(ada);
    await send(first, signCommand(ada, { w: wid, d: LOG, k: "device.add", b: deviceBody(wid, device), seen, exp: life() }));
    others.push(device);
  }
  first.ws.close();
  return { wid, ada, devices: others };
};

const send = (client: Awaited<ReturnType<typeof joinBulkhead>>, jws: string): Promise<void> =>
  new Promise((resolve, reject) => {
    client.onAck = (ok) => (ok ? resolve() : reject(new Error("the server refused a command of the benchmark")));
    client.ws.send(commandFrame(1, jws));
  });
