/** The sockets of one workspace: one for each document that may be read, opened and closed as the fold changes. */
import type { DocName } from "#core/protocol/ids.ts";
import type { Ack } from "#core/protocol/wire.ts";
import type { Platform } from "../ports/platform.ts";
import { openSocket } from "./socket.ts";
import type { DocumentSocket, SocketEvents } from "./socket.ts";

export interface SocketsDeps {
  readonly platform: Platform;
  readonly wid: string;
  readonly server: () => string;
  readonly auth: (doc: DocName, nonce: string) => Promise<string>;
  /** What this computer's clock says, ms. */
  readonly date: () => number;
  /** How much of a document is verified already. */
  readonly length: (doc: DocName) => number;
  /** Documents that should be open now. */
  readonly wanted: () => readonly DocName[];
  /** Position of the verified log. */
  readonly position: () => number;
  /** The socket of a document was closed for good, here or there. */
  readonly ended: (doc: DocName) => void;
  readonly on: { [E in keyof SocketEvents]: (doc: DocName, ...args: Parameters<SocketEvents[E]>) => void };
}
export interface Sockets {
  /** Opens what is wanted and not open, closes what is not. A document that the server closed for good waits for the log to move. */
  reconcile(): void;
  open(doc: DocName): boolean;
  /** Null where there is no connection, or it is lost first. */
  send(doc: DocName, jws: string): Promise<Ack | null>;
  closeAll(): void;
  /** What the server turned away may be opened again. */
  forgive(): void;
}

export const createSockets = ({
  platform,
  wid,
  server,
  auth,
  date,
  length,
  wanted,
  position,
  ended,
  on,
}: SocketsDeps): Sockets => {
  const sockets = new Map<DocName, DocumentSocket>();
  /** Documents that the server closed for good, with the log position at that time. */
  const shut = new Map<DocName, number>();

  const open = (doc: DocName): void => {
    shut.delete(doc);
    const socket = openSocket(
      { platform, server: server(), wid, doc, length: length(doc), auth: (nonce) => auth(doc, nonce), date },
      {
        entries: (added) => on.entries(doc, added),
        rewritten: (code, update) => on.rewritten(doc, code, update),
        welcome: (had) => on.welcome(doc, had),
        head: (jws) => on.head(doc, jws),
        down: (garbled, trouble, answered) => on.down(doc, garbled, trouble, answered),
        refused: (code) => {
          sockets.delete(doc);
          ended(doc);
          shut.set(doc, position());
          on.refused(doc, code);
        },
      },
    );
    sockets.set(doc, socket);
  };
  return {
    reconcile: () => {
      const docs = wanted();
      for (const [doc, socket] of sockets) {
        if (docs.includes(doc)) continue;
        socket.close();
        sockets.delete(doc);
        ended(doc);
      }
      for (const doc of docs) if (!sockets.has(doc) && (shut.get(doc) ?? -1) < position()) open(doc);
    },
    open: (doc) => sockets.get(doc)?.open() === true,
    send: (doc, jws) => sockets.get(doc)?.send(jws) ?? Promise.resolve(null),
    closeAll: () => {
      for (const [doc, socket] of sockets) {
        socket.close();
        ended(doc);
      }
      sockets.clear();
    },
    forgive: () => shut.clear(),
  };
};
