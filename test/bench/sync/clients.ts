/**
 * The least client that each server takes for a real one: it joins one document, hears updates and writes. No client
 * keeps a Y.Doc, so that the load costs little beside what is measured.
 */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { WebSocket } from "ws";
import * as Y from "yjs";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";
import { ACK, AUTH, CMD, HELLO, SYNC, WELCOME, writeNumbered, writeText } from "#core/protocol/wire.ts";
import { signAuth, signInviteAuth } from "../../helpers/people.ts";
import type { InviteKit, Person } from "../../helpers/people.ts";

export interface Client {
  readonly ws: WebSocket;
  /** Called with the number of new items of each update heard. */
  onItems: (count: number) => void;
  /** Called for each acknowledgement (ours alone has any). */
  onAck: (ok: boolean) => void;
}

const opened = (ws: WebSocket): Promise<void> =>
  new Promise((resolve, reject) => {
    ws.once("open", () => resolve());
    ws.once("error", reject);
  });

/** Structs in a version 1 update, without building anything: our array packs many strings into one struct. */
const itemsIn = (update: Uint8Array): number => {
  const decoded = Y.decodeUpdate(update);
  return decoded.structs.reduce((sum, struct) => sum + struct.length, 0);
};

const onSync = (client: Client, decoder: decoding.Decoder, ready: () => void): void => {
  const step = decoding.readVarUint(decoder);
  if (step === 0) return;
  const update = decoding.readVarUint8Array(decoder);
  if (step === 1) ready();
  else client.onItems(itemsIn(update));
};

const make = (url: string): Client => {
  const ws = new WebSocket(url, { perMessageDeflate: false, skipUTF8Validation: true });
  ws.binaryType = "nodebuffer";
  ws.on("error", () => undefined);
  return { ws, onItems: () => undefined, onAck: () => undefined };
};

export const step1 = (): Uint8Array => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, SYNC);
  encoding.writeVarUint(encoder, 0);
  encoding.writeVarUint8Array(encoder, Uint8Array.of(0));
  return encoding.toUint8Array(encoder);
};

export const joinYws = async (url: string, room: string): Promise<Client> => {
  const client = make(`${url}/${room}`);
  const ready = new Promise<void>((resolve) => {
    client.ws.on("message", (bytes: Buffer) => {
      const decoder = decoding.createDecoder(bytes);
      if (decoding.readVarUint(decoder) === SYNC) onSync(client, decoder, resolve);
    });
  });
  await opened(client.ws);
  client.ws.send(step1());
  await ready;
  return client;
};

export const yjsWrite = (update: Uint8Array): Uint8Array => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, SYNC);
  encoding.writeVarUint(encoder, 2);
  encoding.writeVarUint8Array(encoder, update);
  return encoding.toUint8Array(encoder);
};

/** Every Hocuspocus frame starts with the document's name; a token opens the document. */
export const inRoom = (room: string, type: number, body: (encoder: encoding.Encoder) => void): Uint8Array => {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, room);
  encoding.writeVarUint(encoder, type);
  body(encoder);
  return encoding.toUint8Array(encoder);
};

export const joinHocuspocus = async (url: string, room: string): Promise<Client> => {
  const client = make(url);
  const ready = new Promise<void>((resolve) => {
    client.ws.on("message", (bytes: Buffer) => {
      const decoder = decoding.createDecoder(bytes);
      decoding.readVarString(decoder);
      if (decoding.readVarUint(decoder) === SYNC) onSync(client, decoder, resolve);
    });
  });
  await opened(client.ws);
  client.ws.send(
    inRoom(room, 2, (encoder) => {
      encoding.writeVarUint(encoder, 0);
      encoding.writeVarString(encoder, "token");
    }),
  );
  client.ws.send(
    inRoom(room, SYNC, (encoder) => {
      encoding.writeVarUint(encoder, 0);
      encoding.writeVarUint8Array(encoder, Uint8Array.of(0));
    }),
  );
  await ready;
  return client;
};

/** A device of the workspace: answers HELLO, then reads the document. A founder, or who holds an invite, only sends. */
export const joinBulkhead = async (
  url: string,
  wid: WorkspaceId,
  who: Person,
  as: "device" | "found" | InviteKit = "device",
  doc: DocName = LOG,
): Promise<Client> => {
  const client = make(`${url}/${wid}/${doc}`);
  const ready = new Promise<void>((resolve, reject) => {
    client.ws.on("message", (bytes: Buffer) => {
      const decoder = decoding.createDecoder(bytes);
      const type = decoding.readVarUint(decoder);
      if (type === HELLO) {
        const { nonce } = JSON.parse(decoding.readVarString(decoder)) as { nonce: string };
        const parts = { w: wid, d: doc, nonce, aud: url.replace(/^ws/, "http") };
        client.ws.send(writeText(AUTH, typeof as === "string" ? signAuth(who, as, parts) : signInviteAuth(as, parts)));
        if (as === "device") client.ws.send(step1());
      } else if (type === WELCOME && as !== "device") resolve();
      else if (type === SYNC) onSync(client, decoder, resolve);
      else if (type === ACK) {
        decoding.readVarUint(decoder);
        client.onAck((JSON.parse(decoding.readVarString(decoder)) as { ok: boolean }).ok);
      }
    });
    client.ws.once("close", (code, reason) => reject(new Error(`closed with ${code} ${reason.toString()}`)));
  });
  ready.catch(() => undefined);
  await opened(client.ws);
  await ready;
  return client;
};

export const commandFrame = (id: number, jws: string): Uint8Array => writeNumbered(CMD, id, jws);
