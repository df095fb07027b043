/**
 * One socket, one document: hello -> judging -> open -> closing. Before AUTH is judged nothing is answered and one
 * SyncStep1 is held back. Whatever does not fit closes the socket with a code that says why.
 */
import { unreadableClose } from "../order/unfolded.ts";
import type { WebSocket } from "ws";
import { ADMIN, LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { CLOSE, readClientFrame, WELCOME, writeText } from "#core/protocol/wire.ts";
import type { ClientFrame } from "#core/protocol/wire.ts";
import { judgeAuth, readAuth } from "../admission/auth.ts";
import type { Admission, RefusedFounder, Shut } from "../admission/auth.ts";
import type { Tip } from "../fan-out/room.ts";
import { farewell } from "./farewell.ts";
import { greet, judging, letIn, mayCome, newGreeting, refuseAnswer } from "./greeting.ts";
import type { Dial } from "./greeting.ts";
import { close, closeAfter, isClosed, send } from "./peer.ts";
import type { DocumentSocket, PeerSocket, Site } from "./peer.ts";
import { follow, onClock, onSpeech } from "./speech.ts";

export const openDocumentSocket = (
  site: Site,
  ws: PeerSocket,
  dial: Dial & { readonly doc: DocName },
): DocumentSocket => {
  // Spelled out: a record that is put together from parts takes more.
  const socket: DocumentSocket = {
    kind: "document",
    site,
    ws,
    wid: dial.wid,
    belt: dial.belt,
    state: "hello",
    greeting: newGreeting(),
    admission: undefined,
    frames: site.limits.strangerFrames.fresh(),
    pingedAt: 0,
    ahead: undefined,
    deadline: undefined,
    doc: dial.doc,
    fetching: false,
    room: undefined,
    cursor: null,
    wantsStep2: false,
    wantsHead: false,
    drawn: 0,
    sendingSince: 0,
  };
  ws.on("message", onMessage);
  greet(socket, dial.origin);
  return socket;
};

function onMessage(this: WebSocket, bytes: unknown, binary: boolean): void {
  const { peer } = this as PeerSocket;
  if (peer?.kind === "document") receive(peer, bytes, binary);
}

const receive = (socket: DocumentSocket, bytes: unknown, binary: boolean): void => {
  if (!mayCome(socket)) return;
  const frame = binary && bytes instanceof Uint8Array ? readClientFrame(bytes) : null;
  if (frame === null) return close(socket, CLOSE.malformed, "malformed-frame");
  onFrame(socket, frame);
};

const onFrame = (socket: DocumentSocket, frame: ClientFrame): void => {
  switch (frame.type) {
    case "step1":
      return onStep1(socket, frame.stateVector);
    case "auth":
      return void onAuth(socket, frame.jws);
    case "clock":
      return void (onClock(socket, frame.reads) ?? close(socket, CLOSE.unauthorized, "answer-first"));
    case "offer":
      return void socket.site.recovery.offer(socket, frame.offer);
    case "give":
      return void socket.site.recovery.give(socket, frame.given);
    default:
      return onSpeech(socket, frame);
  }
};

const onStep1 = (socket: DocumentSocket, stateVector: Uint8Array): void => {
  const { greeting } = socket;
  if (greeting === undefined) return follow(socket, stateVector);
  if (greeting.held !== undefined) return close(socket, CLOSE.tooMuch, "one-frame-before-the-answer");
  greeting.held = stateVector.slice();
};

const onAuth = async (socket: DocumentSocket, jws: string): Promise<void> => {
  const { site, wid, doc, greeting } = socket;
  if (socket.state !== "hello" || greeting === undefined) return close(socket, CLOSE.malformed, "already-answered");
  judging(socket);
  const signed = readAuth(site.crypto, jws, { wid, doc, nonce: greeting.nonce }, site.origins.accepts);
  if ("code" in signed) return refuseAnswer(socket, signed);
  const refusedFounder: RefusedFounder = (payload) => site.foundings.refuse(payload, socket.belt.address);
  let pairing: (Admission & { as: "pair" }) | undefined;
  let closed: Shut | undefined;
  try {
    // Entering the room in the same step as the verdict: an entry that takes the right away finds this socket.
    await site.sequencer(wid).ask([LOG, ADMIN, doc], async (workspace) => {
      const verdict = await judgeAuth(site.crypto, workspace, signed, {
        dated: site.sequencer(wid).dated(),
        refusedFounder,
      });
      if (isClosed(socket)) return;
      if (!verdict.ok) return void (closed = verdict);
      const { admission } = verdict;
      if (admission.as === "pair") return void (pairing = admission);
      const tip = admission.as === "device" ? workspace.tip(doc) : workspace.log;
      if (admission.as === "invite" && !site.limits.inviteCame(admission.id))
        return close(socket, CLOSE.tooMuch, "invite-crowded");
      if (admission.as === "device") enterRoom(socket, tip);
      welcome(socket, admission, tip.seq);
    });
  } catch (error) {
    return close(socket, ...unreadableClose(error));
  }
  // Outside the workspace's line: what is sent, and another node that may have to be asked, take their time.
  if (closed !== undefined) await farewell(socket, signed.kid, closed, greeting.held);
  if (pairing !== undefined) await comeToPair(socket, pairing);
};

const comeToPair = async (socket: DocumentSocket, admission: Admission & { as: "pair" }): Promise<void> => {
  const { site, wid } = socket;
  if (!site.limits.pairKnock(socket.belt.address)) return close(socket, CLOSE.tooMuch, "too-many-attempts");
  const refused = await site.pairings.join(socket, wid, admission.id, () => welcome(socket, admission, 0));
  if (refused !== undefined) close(socket, refused.code, refused.reason);
};

const enterRoom = (socket: DocumentSocket, tip: Tip): void => {
  socket.site.rooms.enter(socket.wid, tip, socket, socket.site.sequencer(socket.wid).dated());
  // The room's own names, so that no connection keeps the address it was dialled by.
  socket.wid = socket.room?.wid ?? socket.wid;
  socket.doc = socket.room?.doc ?? socket.doc;
};

const welcome = (socket: DocumentSocket, admission: Admission, length: number): void => {
  const { site, greeting } = socket;
  if (!letIn(socket, admission)) return;
  const says = admission.as === "invite" ? admission.greeting : admission.as === "pair" ? {} : { s: length };
  send(socket, writeText(WELCOME, JSON.stringify(says)));
  if (admission.as === "pair") return closeAfter(socket, site.limits.numbers.pairingMs, "pairing-over");
  // Time for a person to read who invites them; a device may stay.
  if (admission.as !== "device") closeAfter(socket, site.limits.numbers.decideWithinMs, "no-command-in-time");
  else if (greeting?.held !== undefined) follow(socket, greeting.held);
};
