/**
 * One socket, one document: hello -> judging -> open -> closing. Before AUTH is judged nothing is answered and one
 * SyncStep1 is held back. Whatever does not fit closes the socket with a code that says why. What a client sends as
 * Yjs is never decoded: a write closes the socket, awareness is dropped unread.
 */
import { randomBytes } from "node:crypto";
import type { WebSocket } from "ws";
import { COMMAND_MAX } from "#core/command.ts";
import type { CryptoDep } from "#core/crypto.ts";
import { ADMIN, LOG } from "#core/ids.ts";
import type { DeviceId, DocName, WorkspaceId } from "#core/ids.ts";
import type { Log as LogState } from "#core/state.ts";
import { ACK, CLOSE, HELLO, readClientFrame, WELCOME, WIRE_VERSION, writeNumbered, writeText } from "#core/wire.ts";
import type { Ack, ClientFrame } from "#core/wire.ts";
import { lengthInStateVector } from "./array-update.ts";
import { judgeAuth, readAuth, refusedDevice } from "./auth.ts";
import type { Admission, AuthVerdict } from "./auth.ts";
import type { Limits, Seatbelt } from "./limits.ts";
import type { Log } from "./log.ts";
import type { Origins } from "./origins.ts";
import type { Reader, Rooms, Subscription } from "./rooms.ts";
import type { Sequencer } from "./sequencer.ts";
import type { Scope } from "./workspace.ts";

export interface Site {
  readonly crypto: CryptoDep;
  readonly now: () => number;
  readonly limits: Limits;
  readonly rooms: Rooms;
  readonly origins: Origins;
  readonly log: Log;
  readonly create: "open" | "closed";
  /** Public key that signs heads. */
  readonly key: string;
  sequencer(wid: WorkspaceId): Sequencer;
}

export interface Dial {
  readonly wid: WorkspaceId;
  readonly doc: DocName;
  readonly origin: string;
  readonly address: string;
  readonly seatbelt: Seatbelt;
}

export interface Connection {
  readonly wid: WorkspaceId;
  /** Closes the socket when its device lost the right to read; see access.ts. */
  rejudge(log: LogState): void;
  /** Asks for a sign of life; false when the last one was not given in time. */
  ping(): boolean;
  close(code: number, reason: string): void;
  cut(): void;
}

type State = "hello" | "judging" | "open" | "closing";
const LINGER_MS = 2_000;

export const openConnection = (site: Site, ws: WebSocket, dial: Dial, onGone: (connection: Connection) => void): Connection => {
  const { crypto, limits, rooms, now } = site;
  const { wid, doc } = dial;
  const nonce = randomBytes(24).toString("base64url");
  const frames = limits.frames();
  let state: State = "hello";
  let held: Uint8Array | undefined;
  let scope: Scope | undefined;
  let device: DeviceId | undefined;
  let subscription: Subscription | undefined;
  let pingedAt: number | null = null;

  const cut = (): void => {
    state = "closing";
    ws.terminate();
  };
  const close = (code: number, reason: string): void => {
    if (state === "closing") return;
    state = "closing";
    subscription?.leave();
    subscription = undefined;
    site.log({ event: "closed", workspace: wid, document: doc, code });
    // Acknowledgements of this turn go first; a peer that does not take the close frame is cut off.
    setImmediate(() => {
      ws.close(code, reason.slice(0, 120));
      setTimeout(() => ws.terminate(), LINGER_MS).unref();
    });
  };
  const send = (frame: Uint8Array): Promise<void> => {
    if (ws.readyState !== ws.OPEN) return Promise.resolve();
    // A close frame would wait behind the backlog.
    if (ws.bufferedAmount > limits.numbers.backlogBytes) return Promise.resolve(cut());
    return new Promise((resolve) => ws.send(frame, () => resolve()));
  };
  const reader: Reader = {
    send,
    get backlog() {
      return ws.bufferedAmount;
    },
    get closed() {
      return state === "closing" || ws.readyState !== ws.OPEN;
    },
    fail: () => close(CLOSE.storage, "the document cannot be read now"),
    cut,
  };

  const follow = (stateVector: Uint8Array): void => {
    const length = lengthInStateVector(stateVector);
    if (length === null) return close(CLOSE.malformed, "malformed state vector");
    if (subscription === undefined) return close(CLOSE.forbidden, "this socket may only send one command");
    subscription.follow(length);
  };

  const welcome = (admission: Admission, length: number): void => {
    state = "open";
    dial.seatbelt.known();
    scope = admission.as === "device" ? { as: "device", device: admission.device, doc } : admission.as === "invite" ? { as: "invite", invite: admission.greeting.invite } : { as: "found" };
    void send(writeText(WELCOME, JSON.stringify(admission.as === "invite" ? admission.greeting : { s: length })));
    if (admission.as !== "device") return;
    device = admission.device;
    if (held !== undefined) follow(held);
  };

  const onAuth = async (jws: string): Promise<void> => {
    if (state !== "hello") return close(CLOSE.malformed, "already answered");
    state = "judging";
    const signed = readAuth(crypto, jws, { wid, doc, nonce }, site.origins.accepts);
    if ("code" in signed) return close(signed.code, signed.reason);
    const mayFound = (): boolean => site.create === "open" && limits.founding(dial.address);
    try {
      // Entering the room in the same step as the verdict: an entry that takes the right away finds this socket.
      await site.sequencer(wid).ask([LOG, ADMIN, doc], async (workspace) => {
        const verdict: AuthVerdict = await judgeAuth(crypto, workspace, signed, { now: now(), mayFound });
        if (reader.closed) return;
        if (!verdict.ok) return close(verdict.code, verdict.reason);
        const chain = verdict.admission.as === "device" ? await workspace.chain(doc) : workspace.log;
        if (reader.closed) return;
        if (verdict.admission.as === "device") subscription = rooms.enter(wid, chain, reader);
        welcome(verdict.admission, chain.seq);
      });
    } catch {
      close(CLOSE.storage, "the workspace cannot be read now");
    }
  };

  const acknowledge = (id: number, ack: Ack): void => {
    void send(writeNumbered(ACK, id, JSON.stringify(ack)));
    // The new device dials again as itself.
    if (ack.ok && scope?.as !== "device") close(CLOSE.done, scope?.as === "found" ? "founded" : "joined");
  };

  const onCommand = (id: number, jws: string): void => {
    if (state !== "open" || scope === undefined) return close(CLOSE.unauthorized, "answer the question first");
    if (!limits.command(device === undefined ? dial.address : `${wid} ${device}`)) return close(CLOSE.tooMuch, "too many commands");
    if (jws.length > COMMAND_MAX) return acknowledge(id, { ok: false, code: "too-large" });
    void site.sequencer(wid).submit(jws, scope).then((ack) => acknowledge(id, ack));
  };

  const onStep1 = (stateVector: Uint8Array): void => {
    if (state === "open") return follow(stateVector);
    if (held !== undefined) return close(CLOSE.tooMuch, "one frame before the answer");
    held = stateVector.slice();
  };

  const onFrame = (frame: ClientFrame): void => {
    switch (frame.type) {
      case "step1":
        return onStep1(frame.stateVector);
      case "yjs-write":
        return close(CLOSE.forbidden, "read-only document");
      case "awareness":
        return;
      case "auth":
        return void onAuth(frame.jws);
      case "cmd":
        return onCommand(frame.id, frame.jws);
    }
  };

  const receive = (bytes: unknown, binary: boolean): void => {
    if (state === "closing") return;
    if (!frames.take()) return close(CLOSE.tooMuch, "too many frames");
    const frame = binary && bytes instanceof Uint8Array ? readClientFrame(bytes) : null;
    if (frame === null) return close(CLOSE.malformed, "malformed frame");
    onFrame(frame);
  };

  const deadline = setTimeout(() => {
    if (state === "hello") close(CLOSE.authTooLate, "no answer in time");
  }, limits.numbers.authWithinMs);

  const connection: Connection = {
    wid,
    rejudge: (log) => {
      const refused = device === undefined || state !== "open" ? undefined : refusedDevice(log, device, doc);
      if (refused !== undefined) close(refused.code, refused.reason);
    },
    ping: () => {
      if (pingedAt !== null) return now() - pingedAt <= limits.numbers.silentMs;
      pingedAt = now();
      if (ws.readyState === ws.OPEN) ws.ping();
      return true;
    },
    close,
    cut,
  };
  ws.on("message", receive);
  ws.on("pong", () => {
    pingedAt = null;
  });
  // ws reports frames over maxPayload and broken framing here, and closes the socket itself.
  ws.on("error", () => undefined);
  ws.on("close", () => {
    state = "closing";
    clearTimeout(deadline);
    subscription?.leave();
    subscription = undefined;
    dial.seatbelt.gone();
    onGone(connection);
  });
  void send(writeText(HELLO, JSON.stringify({ v: WIRE_VERSION, nonce, origin: dial.origin, key: site.key })));
  return connection;
};
