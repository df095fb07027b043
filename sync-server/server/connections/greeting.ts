/** The beginning and the end of a socket, which are the same for both kinds: HELLO, signs of life, and what is left behind. */
import { randomBytes } from "node:crypto";
import type { WebSocket } from "ws";
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";
import { CLOSE, HELLO, WIRE_RANGE, writeText } from "#core/protocol/wire.ts";
import type { Admission, Shut } from "../admission/auth.ts";
import type { Belt } from "../admission/limits.ts";
import { close, closeAfter, giveUp, inviteOf, leaveAll, noDeadline, sendOn } from "./peer.ts";
import type { Greeting, Peer, PeerSocket } from "./peer.ts";
import { deviceOf, ownerOf } from "./standing.ts";

export interface Dial {
  readonly wid: WorkspaceId;
  /** Undefined on a connection. */
  readonly doc: DocName | undefined;
  readonly origin: string;
  readonly belt: Belt;
}

export const newGreeting = (): Greeting => ({ nonce: randomBytes(24).toString("base64url"), held: undefined });

/** Asks who it is, and listens for its end and its signs of life. */
export const greet = (peer: Peer, origin: string): void => {
  const { site, ws, belt, greeting } = peer;
  ws.peer = peer;
  belt.end = (why) => giveUp(peer, why);
  closeAfter(peer, site.limits.numbers.authWithinMs, "no-answer-in-time");
  ws.on("pong", onSign).on("ping", onSign).on("error", onSign).on("close", onClose);
  const hello = { ...WIRE_RANGE, nonce: greeting?.nonce, origin, key: site.key, t: site.date() };
  sendOn(peer, writeText(HELLO, JSON.stringify(hello)));
};

/**
 * Control frames count like any other: ws answers each ping. On an error ws has said why, with a code of its own: frames over
 * maxPayload, broken framing. Who never hangs up is cut off.
 */
function onSign(this: WebSocket, what: unknown): void {
  const { peer } = this as PeerSocket;
  if (peer === undefined) return;
  if (what instanceof Error) return close(peer, CLOSE.malformed, "malformed-frame");
  peer.pingedAt = 0;
  if (peer.state !== "closing" && !peer.site.limits.frame(peer.belt, peer.frames))
    close(peer, CLOSE.tooMuch, "too-many-frames");
}
function onClose(this: WebSocket): void {
  const { peer } = this as PeerSocket;
  if (peer === undefined) return;
  gone(peer);
  peer.site.onGone(peer);
}

const gone = (peer: Peer): void => {
  const { site } = peer;
  peer.state = "closing";
  noDeadline(peer);
  leaveAll(peer);
  if (peer.kind === "document") site.recovery.left(peer);
  else site.devices.left(deviceOf(peer), peer);
  const invite = inviteOf(peer);
  if (invite !== undefined) site.limits.inviteLeft(invite);
  site.limits.gone(peer.belt);
};

/** Whether a frame may come now; where it may not, the socket is ended. */
export const mayCome = (peer: Peer): boolean => {
  if (peer.state === "closing") return false;
  if (peer.site.limits.frame(peer.belt, peer.frames)) return true;
  close(peer, CLOSE.tooMuch, "too-many-frames");
  return false;
};

/** An answer to HELLO is judged once, whatever becomes of it. */
export const judging = (peer: Peer): void => {
  peer.state = "judging";
  peer.site.limits.answers(peer.belt);
  noDeadline(peer);
};
export const refuseAnswer = (peer: Peer, { code, reason }: Shut): void => {
  if (code === CLOSE.otherServer) peer.site.originUnknown(code);
  close(peer, code, reason);
};

/** It is known who that is; false where there is no place for them. */
export const letIn = (peer: Peer, admission: Admission): boolean => {
  const { site } = peer;
  peer.admission = admission;
  if (!site.limits.known(peer.belt, ownerOf(peer, admission))) {
    close(peer, CLOSE.tooMuch, "too-many-connections");
    return false;
  }
  peer.state = "open";
  peer.frames = site.limits.frames.fresh();
  peer.greeting = undefined;
  return true;
};
