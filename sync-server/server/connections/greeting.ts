/** The beginning and the end of a socket, which are the same for both kinds: HELLO, signs of life, and what is left behind. */
import { randomBytes } from "node:crypto";
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";
import { CLOSE, HELLO, WIRE_RANGE, WIRE_VERSION, writeText } from "#core/protocol/wire.ts";
import type { Admission, Shut } from "../admission/auth.ts";
import type { Belt } from "../admission/limits.ts";
import { close, closeAfter, giveUp, inviteOf, leaveAll, noDeadline, sendOn } from "./peer.ts";
import type { Greeting, Peer } from "./peer.ts";
import { deviceOf, ownerOf } from "./standing.ts";

export interface Dial {
  readonly wid: WorkspaceId;
  /** Undefined on a connection. */
  readonly doc: DocName | undefined;
  readonly origin: string;
  readonly belt: Belt;
}

export const newGreeting = (): Greeting => ({ nonce: randomBytes(24).toString("base64url"), held: undefined });

/** Listens, and asks who it is. */
export const greet = (
  peer: Peer,
  origin: string,
  receive: (bytes: unknown, binary: boolean) => void,
  onGone: (peer: Peer) => void,
): void => {
  const { site, ws, belt, greeting } = peer;
  belt.end = (why) => giveUp(peer, why);
  closeAfter(peer, site.limits.numbers.authWithinMs, "no-answer-in-time");
  ws.on("message", receive);
  const sign = (what: unknown): void => onSign(peer, what);
  ws.on("pong", sign).on("ping", sign).on("error", sign);
  ws.on("close", () => {
    gone(peer);
    onGone(peer);
  });
  const hello = { v: WIRE_VERSION, ...WIRE_RANGE, nonce: greeting?.nonce, origin, key: site.key, t: site.date() };
  sendOn(peer, writeText(HELLO, JSON.stringify(hello)));
};

/**
 * Control frames count like any other: ws answers each ping. On an error ws has said why, with a code of its own: frames over
 * maxPayload, broken framing. Who never hangs up is cut off. One listener for all three: each costs every idle connection.
 */
const onSign = (peer: Peer, what: unknown): void => {
  if (what instanceof Error) return close(peer, CLOSE.malformed, "malformed-frame");
  peer.pingedAt = 0;
  if (peer.state !== "closing" && !peer.site.limits.frame(peer.belt, peer.frames))
    close(peer, CLOSE.tooMuch, "too-many-frames");
};

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
