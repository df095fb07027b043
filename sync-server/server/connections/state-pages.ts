/** Sends a new device the state that it may begin with: page by page, each when the operating system took the last. */
import { setTimeout as pause } from "node:timers/promises";
import { LOG } from "#core/protocol/ids.ts";
import { CLOSE, STATE_PAGE, writeStatePage } from "#core/protocol/wire.ts";
import { draw, isMute, peerOf, sent, shut } from "./peer.ts";
import type { Voice } from "./peer.ts";
import type { SignedState } from "../order/states.ts";
import { unread } from "./unread.ts";

/** Who may read the log may have the state: it says nothing that the log does not. */
export const sendState = async (voice: Voice, position: number): Promise<void> => {
  const { site, wid, state: standing, admission } = peerOf(voice);
  if (standing !== "open" || admission === undefined) return shut(voice, CLOSE.unauthorized, "answer-first");
  if (admission.as !== "device" || voice.doc !== LOG) return shut(voice, CLOSE.forbidden, "states-are-for-devices");
  const person = `${wid} ${admission.member}`;
  if (voice.fetching || !site.limits.command(`${wid} ${admission.device}`, person))
    return shut(voice, CLOSE.tooMuch, "one-state-at-a-time");
  // Making one costs as much as many commands, and the workspace's new devices wait for each other.
  if (!site.limits.state(person)) return shut(voice, CLOSE.tooMuch, "too-many-states");
  voice.fetching = true;
  try {
    await turnFor(voice, 0);
    const newest = await site.sequencer(wid).ask([LOG], ({ log }) => log.checkpoint?.seq ?? null);
    const state = await site.states.at(
      wid,
      position,
      newest,
      () => isMute(voice),
      (characters) => void draw(voice, characters),
    );
    await sendPages(voice, state);
  } catch (error) {
    unread(site.log, wid, error);
    shut(voice, CLOSE.storage, "workspace-unreadable");
  }
  voice.fetching = false;
};

/** What was read to make one counts like what is sent, and is paid for before the next. */
const turnFor = async (voice: Voice, bytes: number): Promise<void> => {
  const ms = draw(voice, bytes);
  if (ms > 0) await pause(ms);
};

const sendPages = async (voice: Voice, state: SignedState | null): Promise<void> => {
  const pages = state === null ? 0 : Math.max(1, Math.ceil(state.bytes.byteLength / STATE_PAGE));
  if (state === null)
    return isMute(voice)
      ? undefined
      : sent(voice, writeStatePage({ seq: 0, page: 0, pages: 0, bytes: new Uint8Array() }));
  for (let page = 1; page <= pages && !isMute(voice); page += 1) {
    const bytes = state.bytes.subarray((page - 1) * STATE_PAGE, page * STATE_PAGE);
    await turnFor(voice, bytes.byteLength);
    await sent(voice, writeStatePage({ seq: state.seq, page, pages, bytes }));
  }
};
