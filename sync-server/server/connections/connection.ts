/**
 * One socket, one document: hello -> judging -> open -> closing. Before AUTH is judged nothing is answered and one
 * SyncStep1 is held back. Whatever does not fit closes the socket with a code that says why. What a client sends as
 * Yjs is never decoded: a write closes the socket, awareness is dropped unread.
 */
import { randomBytes } from "node:crypto";
import type { WebSocket } from "ws";
import { COMMAND_MAX } from "#core/protocol/command.ts";
import { ADMIN, LOG } from "#core/protocol/ids.ts";
import type { DocName, PairId, WorkspaceId } from "#core/protocol/ids.ts";
import {
  ACK,
  CLOSE,
  HELLO,
  readClientFrame,
  WELCOME,
  WIRE_RANGE,
  WIRE_VERSION,
  writeNumbered,
  writeText,
} from "#core/protocol/wire.ts";
import type { Ack, ClientFrame } from "#core/protocol/wire.ts";
import { lengthInStateVector } from "../fan-out/array-update.ts";
import { judgeAuth, readAuth } from "../admission/auth.ts";
import type { Admission, RefusedFounder, Shut } from "../admission/auth.ts";
import { farewell } from "./farewell.ts";
import type { Belt } from "../admission/limits.ts";
import { close, closeAfter, giveUp, inviteOf, isClosed, send } from "./peer.ts";
import { authorOf, ownerOf, scopeOf, withinRate } from "./standing.ts";
import { sendState } from "./state-pages.ts";
import type { Peer, Site } from "./peer.ts";
import type { Tip } from "../fan-out/room.ts";

export interface Dial {
  readonly wid: WorkspaceId;
  readonly doc: DocName;
  readonly origin: string;
  readonly belt: Belt;
}

export const openConnection = (
  site: Site,
  ws: WebSocket,
  { wid, doc, origin, belt }: Dial,
  onGone: (peer: Peer) => void,
): Peer => {
  const nonce = randomBytes(24).toString("base64url");
  const peer: Peer = {
    site,
    ws,
    wid,
    doc,
    belt,
    state: "hello",
    greeting: { nonce, held: undefined },
    admission: undefined,
    frames: site.limits.strangerFrames.fresh(),
    pingedAt: 0,
    ahead: undefined,
    fetching: false,
    deadline: undefined,
    room: undefined,
    cursor: null,
    wantsStep2: false,
    wantsHead: false,
    sendingSince: 0,
  };
  belt.end = (why) => giveUp(peer, why);
  closeAfter(peer, site.limits.numbers.authWithinMs, "no answer in time");
  ws.on("message", (bytes, binary) => receive(peer, bytes, binary));
  const sign = (what: unknown): void => onSign(peer, what);
  ws.on("pong", sign).on("ping", sign).on("error", sign);
  ws.on("close", () => {
    gone(peer);
    onGone(peer);
  });
  send(
    peer,
    writeText(HELLO, JSON.stringify({ v: WIRE_VERSION, ...WIRE_RANGE, nonce, origin, key: site.key, t: site.date() })),
  );
  return peer;
};

/**
 * Control frames count like any other: ws answers each ping. On an error ws has said why, with a code of its own: frames over
 * maxPayload, broken framing. Who never hangs up is cut off. One listener for all three: each costs every idle connection.
 */
const onSign = (peer: Peer, what: unknown): void => {
  if (what instanceof Error) return close(peer, CLOSE.malformed, "malformed frame");
  peer.pingedAt = 0;
  if (peer.state !== "closing" && !peer.site.limits.frame(peer.belt, peer.frames))
    close(peer, CLOSE.tooMuch, "too many frames");
};

const noDeadline = (peer: Peer): void => {
  clearTimeout(peer.deadline);
  peer.deadline = undefined;
};

const gone = (peer: Peer): void => {
  const { site } = peer;
  peer.state = "closing";
  noDeadline(peer);
  site.rooms.leave(peer);
  site.pairings.left(peer);
  site.recovery.left(peer);
  const invite = inviteOf(peer);
  if (invite !== undefined) site.limits.inviteLeft(invite);
  site.limits.gone(peer.belt);
};

const receive = (peer: Peer, bytes: unknown, binary: boolean): void => {
  if (peer.state === "closing") return;
  if (!peer.site.limits.frame(peer.belt, peer.frames)) return close(peer, CLOSE.tooMuch, "too many frames");
  const frame = binary && bytes instanceof Uint8Array ? readClientFrame(bytes) : null;
  if (frame === null) return close(peer, CLOSE.malformed, "malformed frame");
  onFrame(peer, frame);
};

const onFrame = (peer: Peer, frame: ClientFrame): void => {
  switch (frame.type) {
    case "step1":
      return onStep1(peer, frame.stateVector);
    case "yjs-write":
      return close(peer, CLOSE.forbidden, "read-only document");
    case "awareness":
      return;
    case "auth":
      return void onAuth(peer, frame.jws);
    case "ask-state":
      return void sendState(peer, frame.position);
    case "clock":
      return onClock(peer, frame.reads);
    case "cmd":
      return onCommand(peer, frame.id, frame.jws);
    case "offer":
      return void peer.site.recovery.offer(peer, frame.offer);
    case "give":
      return void peer.site.recovery.give(peer, frame.given);
    case "pair-open":
      return onPairOpen(peer, frame.id);
    case "pair-say":
      return onPairSay(peer, frame.text);
  }
};

const onStep1 = (peer: Peer, stateVector: Uint8Array): void => {
  const { greeting } = peer;
  if (greeting === undefined) return follow(peer, stateVector);
  if (greeting.held !== undefined) return close(peer, CLOSE.tooMuch, "one frame before the answer");
  greeting.held = stateVector.slice();
};

const follow = (peer: Peer, stateVector: Uint8Array): void => {
  const length = lengthInStateVector(stateVector);
  if (length === null) return close(peer, CLOSE.malformed, "malformed state vector");
  if (peer.room === undefined) return close(peer, CLOSE.forbidden, "this socket may only send one command");
  peer.site.rooms.follow(peer, length);
};

const onAuth = async (peer: Peer, jws: string): Promise<void> => {
  const { site, wid, doc, greeting } = peer;
  if (peer.state !== "hello" || greeting === undefined) return close(peer, CLOSE.malformed, "already answered");
  peer.state = "judging";
  site.limits.answers(peer.belt);
  noDeadline(peer);
  const signed = readAuth(site.crypto, jws, { wid, doc, nonce: greeting.nonce }, site.origins.accepts);
  if ("code" in signed) {
    if (signed.code === CLOSE.otherServer) site.originUnknown(signed.code);
    return close(peer, signed.code, signed.reason);
  }
  const refusedFounder: RefusedFounder = (payload) => site.foundings.refuse(payload, peer.belt.address);
  let pairing: (Admission & { as: "pair" }) | undefined;
  let closed: Shut | undefined;
  try {
    // Entering the room in the same step as the verdict: an entry that takes the right away finds this socket.
    await site.sequencer(wid).ask([LOG, ADMIN, doc], async (workspace) => {
      const verdict = await judgeAuth(site.crypto, workspace, signed, {
        dated: site.sequencer(wid).dated(),
        refusedFounder,
      });
      if (isClosed(peer)) return;
      if (!verdict.ok) return void (closed = verdict);
      const { admission } = verdict;
      if (admission.as === "pair") return void (pairing = admission);
      const chain = admission.as === "device" ? await workspace.chain(doc) : workspace.log;
      if (isClosed(peer)) return;
      if (admission.as === "invite" && !site.limits.inviteCame(admission.id))
        return close(peer, CLOSE.tooMuch, "too many people use this invite now");
      if (admission.as === "device") enterRoom(peer, chain);
      welcome(peer, admission, chain.seq);
    });
  } catch {
    return close(peer, CLOSE.storage, "the workspace cannot be read now");
  }
  // Outside the workspace's line: what is sent, and another node that may have to be asked, take their time.
  if (closed !== undefined) await farewell(peer, signed.kid, closed);
  if (pairing !== undefined) await comeToPair(peer, pairing);
};

const comeToPair = async (peer: Peer, admission: Admission & { as: "pair" }): Promise<void> => {
  const { site, wid } = peer;
  if (!site.limits.pairKnock(peer.belt.address)) return close(peer, CLOSE.tooMuch, "too many attempts");
  const shut = await site.pairings.join(peer, wid, admission.id, () => welcome(peer, admission, 0));
  if (shut !== undefined) close(peer, shut.code, shut.reason);
};

const onPairOpen = (peer: Peer, id: PairId): void => {
  const { site, admission } = peer;
  if (peer.state !== "open" || admission === undefined)
    return close(peer, CLOSE.unauthorized, "answer the question first");
  if (admission.as !== "device" || peer.doc !== LOG)
    return close(peer, CLOSE.forbidden, "only a device opens a pairing, over the log");
  if (!withinRate(peer, admission)) return close(peer, CLOSE.tooMuch, "too many commands");
  site.pairings.open(peer, admission.device, admission.member, id);
};

const onPairSay = (peer: Peer, text: string): void => {
  if (peer.state !== "open") return close(peer, CLOSE.unauthorized, "answer the question first");
  peer.site.pairings.say(peer, text);
};

const enterRoom = (peer: Peer, tip: Tip): void => {
  peer.site.rooms.enter(peer.wid, tip, peer);
  // The room's own names, so that no connection keeps the address it was dialled by.
  peer.wid = peer.room?.wid ?? peer.wid;
  peer.doc = peer.room?.doc ?? peer.doc;
};

const welcome = (peer: Peer, admission: Admission, length: number): void => {
  const { site, greeting } = peer;
  peer.admission = admission;
  if (!site.limits.known(peer.belt, ownerOf(peer, admission)))
    return close(peer, CLOSE.tooMuch, "too many connections");
  peer.state = "open";
  peer.frames = site.limits.frames.fresh();
  peer.greeting = undefined;
  send(
    peer,
    writeText(
      WELCOME,
      JSON.stringify(admission.as === "invite" ? admission.greeting : admission.as === "pair" ? {} : { s: length }),
    ),
  );
  if (admission.as === "pair") return closeAfter(peer, site.limits.numbers.pairingMs, "the pairing is over");
  // Time for a person to read who invites them; a device may stay.
  if (admission.as !== "device") closeAfter(peer, site.limits.numbers.decideWithinMs, "no command in time");
  else if (greeting?.held !== undefined) follow(peer, greeting.held);
};

const onClock = (peer: Peer, reads: number): void => {
  const { site, wid, admission } = peer;
  if (peer.state !== "open" || admission === undefined)
    return close(peer, CLOSE.unauthorized, "answer the question first");
  peer.ahead = reads - site.now();
  const author = authorOf(peer, admission);
  if (admission.as === "device" && author !== undefined) site.sequencer(wid).heard(author);
};
const onCommand = (peer: Peer, id: number, jws: string): void => {
  const { site, wid, doc, admission } = peer;
  if (peer.state !== "open" || admission === undefined)
    return close(peer, CLOSE.unauthorized, "answer the question first");
  if (admission.as === "pair") return close(peer, CLOSE.forbidden, "a new device sends no commands");
  if (!withinRate(peer, admission, jws.length)) return close(peer, CLOSE.tooMuch, "too many commands");
  if (site.recovery.holds(wid)) return acknowledge(peer, id, { ok: false, code: "recovering" });
  if (jws.length > COMMAND_MAX) return acknowledge(peer, id, { ok: false, code: "too-large" });
  const submit = (): Promise<void> =>
    site
      .sequencer(wid)
      .submit(jws, scopeOf(admission, doc), authorOf(peer, admission))
      .then((ack) => acknowledge(peer, id, ack));
  if (admission.as !== "found" || admission.link === null) return void submit();
  void site.foundings.use(admission.link, wid).then(
    (used) => (used ? submit() : close(peer, CLOSE.linkNeeded, "this founding link was used")),
    () => acknowledge(peer, id, { ok: false, code: "storage" }),
  );
};

const acknowledge = (peer: Peer, id: number, ack: Ack): void => {
  send(peer, writeNumbered(ACK, id, JSON.stringify(ack)));
  // The new device dials again as itself.
  if (ack.ok && peer.admission?.as !== "device")
    close(peer, CLOSE.done, peer.admission?.as === "found" ? "founded" : "joined");
};
