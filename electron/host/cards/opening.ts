/**
 * The arguments of a request, as far as this device can open them: what is sealed to it, held against what was signed and
 * against who asks. Nothing that does not fit is shown.
 */
import { told, type Told } from "#bridge/told.ts";
import { toldOf } from "#bridge/refused.ts";
import { unseal } from "#client/keys/sealed.ts";
import type { Live } from "#client/live.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { DeviceId } from "#core/protocol/ids.ts";
import { COPIES_MAX } from "#core/rules/approval.ts";
import { isSameDevice } from "#core/rules/may.ts";
import type { ReadRequest } from "#core/rules/read.ts";
import { standing } from "#core/rules/waiting.ts";
import { readOpened } from "../gate/enclosure.ts";
import type { Enclosure } from "../gate/enclosure.ts";
import { fitsMark } from "../gate/practice.ts";
import { personOf } from "../people/names.ts";
import type { Shell } from "../seams.ts";

export type Opened =
  | { readonly args: string; readonly problem: null; readonly enclosure: Enclosure; readonly leftOut: Told | null }
  | { readonly args: null; readonly problem: Told };
export interface Opening {
  open(live: Live, request: ReadRequest): Promise<Opened>;
  /** Whether it opened before, and is what was signed. */
  wasOpened(request: ReadRequest): boolean;
}

export const createOpening = (shell: Shell): Opening => {
  const opens = new WeakSet<ReadRequest>();

  /** The arguments from whichever sealed text names this device. One that opens and is not what was signed outweighs those that stay shut. */
  const opened = async (live: Live, request: ReadRequest): Promise<Opened> => {
    const problems: Told[] = [];
    for (const sealed of [request.jwe, ...request.copies]) {
      const found = await openedFrom(live, request, sealed);
      if (found.problem === null) {
        opens.add(request);
        return found;
      }
      problems.push(found.problem);
    }
    return {
      args: null,
      problem:
        problems.find(({ code }) => code === "args-mismatch") ??
        copiesUsedUp(live, request, problems) ??
        (problems[0] as Told),
    };
  };
  const openedFrom = async (live: Live, request: ReadRequest, sealed: string): Promise<Opened> => {
    try {
      const read = readOpened(await unseal(shell, sealed), request.callHash);
      const text = read?.call ?? null;
      const fits =
        read !== null &&
        text !== null &&
        text.workspace === live.wid &&
        text.requester === request.requester &&
        isSameDevice(live.log, text.device as DeviceId, request.device) &&
        text.tool === request.tool &&
        fitsMark(live, request, text);
      if (fits)
        return {
          args: text.args,
          problem: null,
          enclosure: { why: read.why, before: read.before },
          leftOut: read.problem,
        };
      return {
        args: null,
        problem: told("args-mismatch", personOf(live.log, request.requester)),
      };
    } catch (error) {
      return {
        args: null,
        problem: error instanceof Refusal ? toldOf(error) : told("args-unopened"),
      };
    }
  };

  return { open: opened, wasOpened: (request) => opens.has(request) };
};

/** Why nothing will be sealed to this device any more, where it was left out of a request that waits and takes no further copy. */
const copiesUsedUp = (live: Live, request: ReadRequest, problems: readonly Told[]): Told | null => {
  if (
    request.copies.length < COPIES_MAX ||
    standing(request, live.serverNow()) !== "pending" ||
    problems.some(({ code }) => code !== "not-sealed-for-device")
  )
    return null;
  return told(
    "copies-used-up",
    COPIES_MAX,
    request.requester === live.me ? null : personOf(live.log, request.requester),
  );
};
