/** What bounds a request before it is sent, by its cause: how many wait, how fast, and how much can be sealed. */
import { why } from "#core/facts/why.ts";
import { affords, ASKS } from "#core/rules/budget.ts";
import type { QueuePolicy } from "#core/protocol/command.ts";
import type { Hash } from "#core/protocol/ids.ts";
import type { ReadDevice } from "#core/rules/read.ts";
import { WAITING_IN_ALL_MAX, WAITING_MAX, waitingOf } from "#core/rules/waiting.ts";
import { told, type Told } from "#bridge/told.ts";
import type { Live } from "#client/live.ts";
import { sealsAtMost } from "#client/keys/sealed.ts";
import { NOTHING, sealedText } from "./enclosure.ts";

/** Why nothing more may be asked in this queue now, or null. `besides` is a request that ends with this one. */
export const crowded = (
  { docs, me, serverNow }: Live,
  queue: Pick<QueuePolicy, "id" | "name">,
  besides: Hash | null,
): Told | null => {
  const [lane] = docs.lanes();
  if (lane === undefined) return null;
  const open = waitingOf(lane, me, serverNow()).filter((id) => id !== besides);
  const here = open.filter((id) => lane.requests.get(id)?.queue === queue.id).length;
  if (here >= WAITING_MAX) return told("waiting-in-queue", here, queue.name);
  if (open.length >= WAITING_IN_ALL_MAX) return told("waiting-in-all", open.length);
  return affords(lane, ASKS, me, 1, serverNow()) ? null : why("asked-too-often");
};

/** So few devices take next to no room: it is the call itself that is large. */
const FEW = 25;
const bytes = (text: string): number => new TextEncoder().encode(text).length;
/** To a tenth. */
const kilobytes = (size: number): number => Math.round(size / 100) / 10;

/** Why a call does not fit: it is large, or it goes to many. `text` is the call as it would be sealed, `args` the part that a person can make shorter. */
export const tooLarge = (
  text: string,
  args: string,
  queue: Pick<QueuePolicy, "name">,
  devices: readonly ReadDevice[],
): Told => {
  // What stands around the arguments, and what their marks become, grows with them.
  const perByte = bytes(sealedText(text, NOTHING)) / Math.max(1, bytes(args));
  const room = (count: number): number => Math.floor(sealsAtMost(count) / perByte);
  const size = bytes(args);
  const [is, fits] = [kilobytes(size), kilobytes(room(devices.length))];
  if (devices.length <= FEW) return told("call-too-large", is, fits);
  const people = new Set(devices.map(({ member }) => member)).size;
  // Where it would not fit for a few either, fewer people would not help.
  const fewer = size <= room(FEW);
  return told("call-too-large-for-all", is, fits, queue.name, people, devices.length, fewer);
};
