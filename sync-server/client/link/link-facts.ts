/** What the status line says about the connection, so that a person can act on it. */
import { CLOSE } from "#core/protocol/wire.ts";
import type { Trouble } from "#core/facts/trouble.ts";
import { why } from "#core/facts/why.ts";
import type { Says } from "../ports/says.ts";
import { answeredFact } from "./answered.ts";

const WAITS = why("requests-wait");
const AGAIN = why("tries-again");
const LASTS = why("tell-if-it-lasts");

/** Why the server of a workspace is not there. What still works stands before it on the status line. */
export const offlineFacts = (server: string, trouble: Trouble | null = null): Says => [
  why("offline", server, trouble),
  WAITS,
];
/** What answered with HTTP instead, in a workspace that is kept here. */
export const elsewhereFacts = (status: number, server: string): Says => [answeredFact(status, server), WAITS];

const UNFIT: Says = [why("refused-unfit"), AGAIN, LASTS];
const UNSHOWN: Says = [why("refused-unshown"), AGAIN];

/** What each close code comes to for the person. It is the server's word and unsigned: it can say what the server did, never what a teammate did. */
const CLOSED: Readonly<Record<number, (server: string) => Says>> = {
  [CLOSE.otherServer]: (server) => [why("server-name", server), why("nothing-changed"), AGAIN],
  [CLOSE.serverTooOld]: () => [why("server-too-old")],
  [CLOSE.notFound]: (server) => [why("workspace-unserved", server), AGAIN],
  [CLOSE.unknownDevice]: (server) => [why("device-unserved", server), AGAIN],
  [CLOSE.deviceClosed]: () => UNSHOWN,
  [CLOSE.memberRemoved]: () => UNSHOWN,
  [CLOSE.forbidden]: () => UNSHOWN,
  [CLOSE.badSignature]: () => UNFIT,
  [CLOSE.staleAnswer]: () => UNFIT,
  [CLOSE.otherPurpose]: () => UNFIT,
};
export const closeFacts = (code: number, server: string): Says =>
  CLOSED[code]?.(server) ?? [why("refused-mixed-up"), AGAIN];
