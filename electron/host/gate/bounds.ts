/** What bounds a request before it is sent, in words that name the cause: how many wait, how fast, and how much can be sealed. */
import { factWords } from "#text/facts.ts";
import { why } from "#core/facts/why.ts";
import { affords, ASKS } from "#core/rules/budget.ts";
import type { QueuePolicy } from "#core/protocol/command.ts";
import type { Hash } from "#core/protocol/ids.ts";
import type { ReadDevice } from "#core/rules/read.ts";
import { WAITING_IN_ALL_MAX, WAITING_MAX, waitingOf } from "#core/rules/waiting.ts";
import type { Code } from "#bridge/answer.ts";
import type { Live } from "#client/live.ts";
import { sealsAtMost } from "#client/keys/sealed.ts";
import { NOTHING, sealedText } from "./enclosure.ts";

/** Why nothing more may be asked in this queue now, or null. `besides` is a request that ends with this one. */
export const crowded = (
  { docs, me, serverNow }: Live,
  queue: Pick<QueuePolicy, "id" | "name">,
  besides: Hash | null,
): Code | null => {
  const [lane] = docs.lanes();
  if (lane === undefined) return null;
  const open = waitingOf(lane, me, serverNow()).filter((id) => id !== besides);
  const here = open.filter((id) => lane.requests.get(id)?.queue === queue.id).length;
  const words = (count: number, where: string): Code => ({
    code: "too-many-waiting",
    message: `${count} of your calls wait for approval ${where} already, as many as one person may have. Wait until some are decided, or withdraw some; then try again.`,
  });
  if (here >= WAITING_MAX) return words(here, `in ${queue.name}`);
  if (open.length >= WAITING_IN_ALL_MAX) return words(open.length, "in all queues together");
  return affords(lane, ASKS, me, 1, serverNow())
    ? null
    : { code: "asked-too-often", message: factWords(why("asked-too-often")) };
};

/** So few devices take next to no room: it is the call itself that is large. */
const FEW = 25;
const bytes = (text: string): number => new TextEncoder().encode(text).length;
const kilobytes = (size: number): string => `${(size / 1_000).toFixed(1)} kB`;

/** Why a call does not fit: it is large, or it goes to many. `text` is the call as it would be sealed, `args` the part that a person can make shorter. */
export const tooLarge = (
  text: string,
  args: string,
  queue: Pick<QueuePolicy, "name">,
  devices: readonly ReadDevice[],
): Code => {
  // What stands around the arguments, and what their marks become, grows with them.
  const perByte = bytes(sealedText(text, NOTHING)) / Math.max(1, bytes(args));
  const room = (count: number): number => Math.floor(sealsAtMost(count) / perByte);
  const size = bytes(args);
  const fits = `about ${kilobytes(room(devices.length))} of such arguments`;
  if (devices.length <= FEW)
    return {
      code: "too-large",
      message: `The arguments are too large to be shown to others: ${kilobytes(size)}, and ${fits} fit into a request. Split the call.`,
    };
  const people = new Set(devices.map(({ member }) => member)).size;
  // Where it would not fit for a few either, fewer people would not help.
  const helps =
    size > room(FEW)
      ? "Split the call."
      : `Split the call, name fewer people in ${queue.name}, or close devices that nobody uses.`;
  return {
    code: "too-large",
    message: `The arguments are too large to be sealed for everybody who may decide this: ${queue.name} and you are ${people} people with ${devices.length} devices, which leaves room for ${fits}, and these are ${kilobytes(size)}. ${helps}`,
  };
};
