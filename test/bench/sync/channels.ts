/** The least client of one connection, and the same documents over sockets of their own. Neither keeps a copy. */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { WebSocket } from "ws";
import { readServerFrame, writeCredit, writeOpen } from "#core/protocol/channels.ts";
import type { Had } from "#core/protocol/channels.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";
import { AUTH, HEAD, HELLO, SYNC, writeText } from "#core/protocol/wire.ts";
import { crypto } from "../../helpers/node-crypto.ts";
import { signAuth, signAuth2 } from "../../helpers/people.ts";
import type { Person } from "../../helpers/people.ts";
import { stateVector } from "../../helpers/wire-client.ts";

export interface Site {
  readonly url: string;
  readonly wid: WorkspaceId;
}
export type Copies = ReadonlyMap<DocName, Had>;
export interface Reached {
  readonly ws: WebSocket;
  /** Bytes of frames in both directions. */
  readonly bytes: number;
  /** Called with the document of each frame of entries, from then on. */
  onEntries: (doc: DocName) => void;
}

const NOTHING: Had = { length: 0, head: "" };
const aud = ({ url }: Site): string => url.replace(/^ws/, "http");
export const headIn = (jws: string): Had => {
  const { s, h } = JSON.parse(crypto.decode(jws.split(".")[1] ?? "") ?? "") as { s: number; h: Had["head"] };
  return { length: s, head: h };
};

/** Opens all of them on one connection. In sync: all are answered, and what was asked for is complete. */
export const overConnection = (
  site: Site,
  who: Person,
  copies: Copies,
  {
    onHead = () => undefined,
    generous = true,
    atOnce = false,
  }: {
    readonly onHead?: (doc: DocName, head: Had) => void;
    /** Gives credit back. */
    readonly generous?: boolean;
    /** Resolves with the answer, whatever is to come. */
    readonly atOnce?: boolean;
  } = {},
): Promise<Reached> => {
  const docs = [...copies.keys()];
  const ws = new WebSocket(`${site.url}/${site.wid}`, { perMessageDeflate: false });
  let bytes = 0;
  const missing = new Set<number>();
  let answered = false;
  const send = (frame: Uint8Array): void => {
    bytes += frame.byteLength;
    ws.send(frame);
  };
  return new Promise((resolve, reject) => {
    const reached = { ws, onEntries: (_doc: DocName): void => undefined, bytes: 0 };
    const docOf = (channel: number): DocName => docs[channel - 1] ?? LOG;
    ws.on("message", (message: Buffer) => {
      bytes += message.byteLength;
      const frame = readServerFrame(message);
      if (frame?.type === "hello") {
        const { nonce } = JSON.parse(frame.text) as { nonce: string };
        send(writeText(AUTH, signAuth2(who, { w: site.wid, nonce, aud: aud(site) })));
        send(writeOpen(docs.map((doc, i) => ({ channel: i + 1, doc, had: copies.get(doc) ?? NOTHING }))));
      } else if (frame?.type === "opened") {
        for (const each of frame.opened) {
          if (each.answer === "refused") reject(new Error(`${docOf(each.channel)} was refused`));
          if (each.answer === "changed" || docOf(each.channel) === LOG) missing.add(each.channel);
        }
        answered = true;
      } else if (frame?.type === "data" && frame.frame[0] === SYNC) {
        reached.onEntries(docOf(frame.channel));
        if (generous) ws.send(writeCredit([{ channel: frame.channel, bytes: frame.frame.byteLength }]));
      } else if (frame?.type === "heads")
        for (const { channel, head } of frame.heads) {
          missing.delete(channel);
          onHead(docOf(channel), headIn(head));
        }
      if (answered && (missing.size === 0 || atOnce)) resolve(Object.assign(reached, { bytes }));
    });
    ws.once("error", reject);
    ws.once("close", (code, reason) => reject(new Error(`closed with ${code} ${reason.toString()}`)));
  });
};

const step1 = (length: number): Uint8Array => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, SYNC);
  encoding.writeVarUint(encoder, 0);
  encoding.writeVarUint8Array(encoder, stateVector(length));
  return encoding.toUint8Array(encoder);
};
/** One of them on a socket of its own. In sync: its head came behind what it lacked. */
const overSocket = (site: Site, who: Person, doc: DocName, { length }: Had): Promise<Reached> => {
  const ws = new WebSocket(`${site.url}/${site.wid}/${doc}`, { perMessageDeflate: false });
  let bytes = 0;
  const send = (frame: Uint8Array): void => {
    bytes += frame.byteLength;
    ws.send(frame);
  };
  return new Promise((resolve, reject) => {
    ws.on("message", (message: Buffer) => {
      bytes += message.byteLength;
      const decoder = decoding.createDecoder(message);
      const type = decoding.readVarUint(decoder);
      if (type === HELLO) {
        const { nonce } = JSON.parse(decoding.readVarString(decoder)) as { nonce: string };
        send(writeText(AUTH, signAuth(who, "device", { w: site.wid, d: doc, nonce, aud: aud(site) })));
        send(step1(length));
      } else if (type === HEAD) resolve({ ws, bytes, onEntries: () => undefined });
    });
    ws.once("error", reject);
    ws.once("close", (code, reason) => reject(new Error(`closed with ${code} ${reason.toString()}`)));
  });
};
export const overSockets = (site: Site, who: Person, copies: Copies): Promise<Reached[]> =>
  Promise.all([...copies].map(([doc, had]) => overSocket(site, who, doc, had)));
