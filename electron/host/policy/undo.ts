/** Taking back a change of the policy, and saying who changed it meanwhile. */
import { parseCommand } from "#core/protocol/command.ts";
import { LOG } from "#core/protocol/ids.ts";
import { policyAt, policyPosition, queuesEver } from "#core/rules/may.ts";
import { json } from "#core/protocol/parse.ts";
import type { PolicySince } from "#bridge/policy.ts";
import { refused } from "#bridge/refused.ts";
import type { WorkspaceStore } from "#client/ports/store.ts";
import { previewWords, setPolicy } from "./changes.ts";
import { nodeCrypto } from "#node/crypto.ts";
import type { Live } from "#client/live.ts";
import { nameOf } from "../people/names.ts";

/** Signs the policy as it stood at `before` again, where `after` is still the newest one. */
export const undoPolicy = async (
  live: Live,
  { before, after }: { readonly before: number; readonly after: number },
  rows: WorkspaceStore,
): Promise<{ before: number; after: number }> => {
  const { log } = live;
  if (policyPosition(log) !== after) throw refused("undo-too-late", authorsSince(live, after, rows));
  if (before >= after) throw refused("nothing-to-undo");
  const was = policyAt(log, before);
  const back = was.queues.find(
    ({ id }) =>
      !policyAt(log).queues.some((queue) => queue.id === id) && queuesEver(log).some((queue) => queue.id === id),
  );
  if (back !== undefined) throw refused("not-undoable", back.name);
  return setPolicy(live, was);
};

/** Who changed the policy after `base`, and what came of it all. */
export const policySince = (live: Live, base: number, rows: WorkspaceStore): PolicySince => ({
  by: authorsSince(live, base, rows),
  preview: previewWords(live.log, policyAt(live.log, base), policyAt(live.log)),
});

const authorsSince = ({ log, wid }: Live, base: number, rows: WorkspaceStore): string[] => [
  ...new Set(
    log.policy.flatMap(([position]) => {
      const entry = position > base ? json(rows.entries(wid, LOG, position, 1)[0] ?? "") : undefined;
      const command =
        typeof entry === "object" && entry !== null && "c" in entry
          ? parseCommand(nodeCrypto, String(entry.c))
          : undefined;
      const member = command === undefined ? undefined : log.devices.get(command.kid)?.member;
      return member === undefined ? [] : [nameOf(log, member)];
    }),
  ),
];
