/** Sends a new device the state that it may begin with: page by page, each when the operating system took the last. */
import { setTimeout as pause } from "node:timers/promises";
import { LOG } from "#core/protocol/ids.ts";
import { CLOSE, STATE_PAGE, writeStatePage } from "#core/protocol/wire.ts";
import { close, draw, isClosed, sent } from "./peer.ts";
import type { Peer } from "./peer.ts";
import type { SignedState } from "../order/states.ts";

/** Who may read the log may have the state: it says nothing that the log does not. */
export const sendState = async (peer: Peer, position: number): Promise<void> => {
  const { site, wid, doc, admission } = peer;
  if (peer.state !== "open" || admission === undefined)
    return close(peer, CLOSE.unauthorized, "answer the question first");
  if (admission.as !== "device" || doc !== LOG)
    return close(peer, CLOSE.forbidden, "states are for devices on the log");
  const person = `${wid} ${admission.member}`;
  if (peer.fetching || !site.limits.command(`${wid} ${admission.device}`, person))
    return close(peer, CLOSE.tooMuch, "one state at a time");
  // Making one costs as much as many commands, and the workspace's new devices wait for each other.
  if (!site.limits.state(person)) return close(peer, CLOSE.tooMuch, "too many states");
  peer.fetching = true;
  try {
    await turnFor(peer, 0);
    const newest = await site.sequencer(wid).ask([LOG], ({ log }) => log.checkpoint?.seq ?? null);
    const state = await site.states.at(
      wid,
      position,
      newest,
      () => isClosed(peer),
      (characters) => void draw(peer, characters),
    );
    await sendPages(peer, state);
  } catch {
    close(peer, CLOSE.storage, "the workspace cannot be read now");
  }
  peer.fetching = false;
};

/** What was read to make one counts like what is sent, and is paid for before the next. */
const turnFor = async (peer: Peer, bytes: number): Promise<void> => {
  const ms = draw(peer, bytes);
  if (ms > 0) await pause(ms);
};

const sendPages = async (peer: Peer, state: SignedState | null): Promise<void> => {
  const pages = state === null ? 0 : Math.max(1, Math.ceil(state.bytes.byteLength / STATE_PAGE));
  if (state === null)
    return isClosed(peer)
      ? undefined
      : sent(peer, writeStatePage({ seq: 0, page: 0, pages: 0, bytes: new Uint8Array() }));
  for (let page = 1; page <= pages && !isClosed(peer); page += 1) {
    const bytes = state.bytes.subarray((page - 1) * STATE_PAGE, page * STATE_PAGE);
    await turnFor(peer, bytes.byteLength);
    await sent(peer, writeStatePage({ seq: state.seq, page, pages, bytes }));
  }
};
