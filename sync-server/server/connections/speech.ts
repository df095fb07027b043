/**
 * What is said of one document by somebody who has signed in, on a socket of its own or in a channel. What a client sends
 * as Yjs is never decoded: a write ends it, awareness is dropped unread.
 */
import { COMMAND_MAX } from "#core/protocol/command.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { PairId } from "#core/protocol/ids.ts";
import { ACK, CLOSE, writeNumbered } from "#core/protocol/wire.ts";
import type { Ack, ClientFrame } from "#core/protocol/wire.ts";
import type { Admission } from "../admission/auth.ts";
import { lengthInStateVector } from "../fan-out/array-update.ts";
import { peerOf, send, shut } from "./peer.ts";
import type { Peer, Voice } from "./peer.ts";
import { authorOf, scopeOf, withinRate } from "./standing.ts";
import { sendState } from "./state-pages.ts";

/** What may be said of a document; the rest of `ClientFrame` is said on a socket. */
export type Speech = Exclude<ClientFrame, { type: "auth" | "clock" | "offer" | "give" }>;
export const isSpeech = (frame: ClientFrame): frame is Speech =>
  frame.type !== "auth" && frame.type !== "clock" && frame.type !== "offer" && frame.type !== "give";

export const onSpeech = (voice: Voice, frame: Speech): void => {
  switch (frame.type) {
    case "step1":
      return follow(voice, frame.stateVector);
    case "yjs-write":
      return shut(voice, CLOSE.forbidden, "read-only");
    case "awareness":
      return;
    case "ask-state":
      return void sendState(voice, frame.position);
    case "cmd":
      return onCommand(voice, frame.id, frame.jws);
    case "pair-open":
      return onPairOpen(voice, frame.id);
    case "pair-say":
      return onPairSay(voice, frame.text);
  }
};

/** Who signed in, or undefined where nobody did: then the socket is ended. */
const known = (voice: Voice): Admission | undefined => {
  const { state, admission } = peerOf(voice);
  if (state === "open" && admission !== undefined) return admission;
  shut(voice, CLOSE.unauthorized, "answer-first");
  return undefined;
};

export const follow = (voice: Voice, stateVector: Uint8Array): void => {
  const length = lengthInStateVector(stateVector);
  if (length === null) return shut(voice, CLOSE.malformed, "malformed-state-vector");
  if (voice.room === undefined) return shut(voice, CLOSE.forbidden, "one-command-only");
  peerOf(voice).site.rooms.follow(voice, length);
};

const onPairOpen = (voice: Voice, id: PairId): void => {
  const admission = known(voice);
  if (admission === undefined) return;
  const peer = peerOf(voice);
  if (admission.as !== "device" || voice.doc !== LOG) return shut(voice, CLOSE.forbidden, "pairing-needs-a-device");
  if (!withinRate(peer, admission)) return shut(voice, CLOSE.tooMuch, "too-many-commands");
  peer.site.pairings.open(voice, admission.device, admission.member, id);
};

const onPairSay = (voice: Voice, text: string): void => {
  if (known(voice) !== undefined) peerOf(voice).site.pairings.say(voice, text);
};

const onCommand = (voice: Voice, id: number, jws: string): void => {
  const admission = known(voice);
  if (admission === undefined) return;
  const peer = peerOf(voice);
  const { site, wid } = peer;
  if (admission.as === "pair") return shut(voice, CLOSE.forbidden, "pairing-sends-no-command");
  if (!withinRate(peer, admission, jws.length)) return shut(voice, CLOSE.tooMuch, "too-many-commands");
  if (site.recovery.holds(wid)) return acknowledge(voice, id, { ok: false, code: "recovering" });
  if (jws.length > COMMAND_MAX) return acknowledge(voice, id, { ok: false, code: "too-large" });
  const submit = (): Promise<void> =>
    site
      .sequencer(wid)
      .submit(jws, scopeOf(admission, voice.doc), authorOf(peer, admission))
      .then((ack) => acknowledge(voice, id, ack));
  if (admission.as !== "found" || admission.link === null) return void submit();
  void site.foundings.use(admission.link, wid).then(
    (used) => (used ? submit() : shut(voice, CLOSE.linkNeeded, "founding-link-used")),
    // The store says why in the log.
    () => acknowledge(voice, id, { ok: false, code: "storage" }),
  );
};

const acknowledge = (voice: Voice, id: number, ack: Ack): void => {
  send(voice, writeNumbered(ACK, id, JSON.stringify(ack)));
  const { admission } = peerOf(voice);
  // The new device dials again as itself.
  if (ack.ok && admission?.as !== "device") shut(voice, CLOSE.done, admission?.as === "found" ? "founded" : "joined");
};

export const onClock = (peer: Peer, reads: number): Admission | undefined => {
  const { site, wid, admission, state } = peer;
  if (state !== "open" || admission === undefined) return undefined;
  peer.ahead = reads - site.now();
  const author = authorOf(peer, admission);
  if (admission.as === "device" && author !== undefined) site.sequencer(wid).heard(author);
  return admission;
};
