/**
 * What a client pays for a log of 10,000 entries: folding it, verifying every signature first on the thread pool, and
 * starting again from its own store.
 */
import { webcrypto } from "node:crypto";
import { COMMAND_TYP, parseCommand } from "#core/command.ts";
import { ingestLog } from "#core/fold.ts";
import { LOG } from "#core/ids.ts";
import { newLog } from "#core/state.ts";
import { crypto, randomId } from "../../helpers/node-crypto.ts";
import { createTeam } from "../../helpers/people.ts";
import { aimed, measured, percentile, timings } from "../measure.ts";
import type { Measured } from "../measure.ts";

const ENTRIES = 10_000;
const ROUNDS = 3;

const recorded = () => {
  const team = createTeam();
  while (team.entries.length < ENTRIES) team.given(team.ada, LOG, "invite.revoke", { id: randomId() });
  return { wid: team.wid, x: team.ada.key.x, entries: team.entries.map(({ text }) => text) };
};

type Recorded = ReturnType<typeof recorded>;

const fold = ({ wid, entries }: Recorded): void => {
  const log = newLog(wid);
  for (const entry of entries) if (!ingestLog({ crypto }, log, entry, { trusted: true }).ok) throw new Error("the recorded log does not fold");
};

/** All signatures at once on the thread pool. */
const verifyAll = async ({ entries, x }: Recorded): Promise<void> => {
  const key = await webcrypto.subtle.importKey("jwk", { kty: "OKP", crv: "Ed25519", x }, "Ed25519", false, ["verify"]);
  const results = await Promise.all(
    entries.map((entry) => {
      const signed = parseCommand(crypto, (JSON.parse(entry) as { c: string }).c);
      if (signed?.typ !== COMMAND_TYP) throw new Error("the recorded log does not parse");
      return webcrypto.subtle.verify("Ed25519", key, Buffer.from(signed.signature, "base64url"), Buffer.from(signed.input));
    }),
  );
  if (!results.every(Boolean)) throw new Error("a recorded signature does not verify");
};

export const foldCosts = async (): Promise<Measured[]> => {
  const log = recorded();
  const folding = percentile(await timings(ROUNDS, () => fold(log)), 0.5);
  const verifying = percentile(await timings(ROUNDS, () => verifyAll(log)), 0.5);
  return [measured(`folding ${ENTRIES} entries`, folding, "ms", ROUNDS), aimed(measured(`verifying ${ENTRIES} entries, thread pool`, verifying, "ms", ROUNDS, { name: "folding them", value: folding }), { at: "most", than: 8, of: "ratio" })];
};
