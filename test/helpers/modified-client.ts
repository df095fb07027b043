/**
 * A member's app with its rules taken out: it holds a real device key, signs in as that device, and then sends any
 * bytes. It learns the log like every other reader, so that what it forges fits.
 */
import { join } from "node:path";
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { WebSocket } from "ws";
import { readSyncMessage, writeSyncStep1 } from "y-protocols/sync";
import * as Y from "yjs";
import { createKeys } from "../../electron/shell/keys.ts";
import { noKeychain } from "../../electron/shell/key-file.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { AUTH_TYP, COMMAND_TYP, signingInput } from "#core/protocol/command.ts";
import { ACK, AUTH, CMD, HELLO, SYNC, WELCOME, writeNumbered, writeText } from "#core/protocol/wire.ts";

export interface ModifiedClient {
  /** Entries of the document as this client has them. */
  entries(): string[];
  /** Signs a command with this device's key; `over` replaces fields of the payload. */
  command(kind: string, body: unknown, over?: Record<string, unknown>): string;
  /** Sends a signed command; answers the server's verdict. */
  send(jws: string): Promise<{ ok: boolean; code?: string }>;
  sendRaw(bytes: Uint8Array): void;
  /** Bytes of an honest-looking Yjs update that appends `entry` to what this client has. */
  update(entry: string): Uint8Array;
  /** Close code of the connection, once it is closed. */
  closed: Promise<number>;
  close(): void;
}

/** Connects to one document with the keys in `dataDir`. Stop that person's app first, or they share the device. */
export const connectModified = async (
  serverUrl: string,
  wid: string,
  doc: string,
  dataDir: string,
  which: "first" | "last" = "last",
): Promise<ModifiedClient> => {
  const keys = createKeys(join(dataDir, "device-keys.json"), noKeychain);
  const { device, x } = keys.list().at(which === "first" ? 0 : -1) ?? { device: "", x: "" };
  const copy = new Y.Doc();
  const socket = new WebSocket(`${serverUrl.replace("http", "ws")}/${wid}/${doc}`, { perMessageDeflate: false });
  socket.binaryType = "nodebuffer";
  const acks = new Map<number, (ack: { ok: boolean; code?: string }) => void>();
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  const synced = Promise.withResolvers<void>();
  let length = 0;
  const sign = (typ: string, payload: unknown): string => {
    const input = signingInput(nodeCrypto, device, typ, payload);
    return `${input}.${keys.sign(device, input)}`;
  };
  const onHello = (text: string) => {
    const { nonce } = JSON.parse(text) as { nonce: string };
    socket.send(writeText(AUTH, sign(AUTH_TYP, { v: 1, w: wid, d: doc, nonce, aud: serverUrl, as: "device", x })));
  };
  const askForEntries = () => {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, SYNC);
    writeSyncStep1(encoder, copy);
    socket.send(encoding.toUint8Array(encoder));
  };

  socket.on("message", (bytes: Buffer) => {
    const decoder = decoding.createDecoder(new Uint8Array(bytes));
    const type = decoding.readVarUint(decoder);
    if (type === HELLO) onHello(decoding.readVarString(decoder));
    else if (type === WELCOME) {
      ({ s: length } = JSON.parse(decoding.readVarString(decoder)) as { s: number });
      askForEntries();
    } else if (type === SYNC) {
      readSyncMessage(decoder, encoding.createEncoder(), copy, null);
      // A document of some size comes in several pieces.
      if (copy.getArray("e").length >= length) synced.resolve();
    } else if (type === ACK)
      acks.get(decoding.readVarUint(decoder))?.(
        JSON.parse(decoding.readVarString(decoder)) as { ok: boolean; code?: string },
      );
  });
  void closed.then((code) => synced.reject(new Error(`closed with ${code}`)));
  await synced.promise;

  const entries = () => copy.getArray<string>("e").toArray();
  let number = 0;
  return {
    entries,
    command: (kind, body, over = {}) => {
      const head = entries().at(-1) ?? "";
      // Far above what the honest app of this device ever used.
      const n = 1_000_000 + ++number;
      return sign(COMMAND_TYP, {
        v: 1,
        w: wid,
        d: doc,
        n,
        seen: [entries().length, nodeCrypto.sha256(head)],
        exp: Date.now() + 300_000,
        k: kind,
        x: true,
        b: body,
        ...over,
      });
    },
    send: (jws) =>
      new Promise((resolve, reject) => {
        const id = ++number;
        acks.set(id, resolve);
        void closed.then((code) => reject(new Error(`closed with ${code}`)));
        socket.send(writeNumbered(CMD, id, jws));
      }),
    sendRaw: (bytes) => socket.send(bytes),
    update: (entry) => updateAppending(copy, entry),
    closed,
    close: () => socket.terminate(),
  };
};

/** The update that the server itself would send for one more entry. */
const updateAppending = (copy: Y.Doc, entry: string): Uint8Array => {
  const forged = new Y.Doc();
  Y.applyUpdate(forged, Y.encodeStateAsUpdate(copy));
  forged.clientID = 1;
  const before = Y.encodeStateVector(forged);
  forged.getArray<string>("e").push([entry]);
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, SYNC);
  encoding.writeVarUint(encoder, 2);
  encoding.writeVarUint8Array(encoder, Y.encodeStateAsUpdate(forged, before));
  return encoding.toUint8Array(encoder);
};
