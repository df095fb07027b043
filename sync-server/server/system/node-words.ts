/** What nodes over one store say to each other about pairings and losses. Parsed like anything else that comes from outside. */
import { asDeviceId, asPairId, asWorkspaceId } from "#core/protocol/ids.ts";
import { int, json, oneOf, record, tagged, text } from "#core/protocol/parse.ts";
import type { Parsed, Parser } from "#core/protocol/parse.ts";
import { isPairSay, PAIR_SAY_MAX } from "#core/protocol/wire.ts";
import { asCloseReason } from "#core/facts/close-reason.ts";

const seat = text(36, 36);
const said: Parser<string> = (value) =>
  typeof value === "string" && value.length <= PAIR_SAY_MAX && isPairSay(value) ? value : undefined;
const ofGuest = { wid: asWorkspaceId, id: asPairId, seat };

const words = {
  /** A device opened a pairing, so older ones of it end. */
  opened: record({ k: oneOf("opened"), wid: asWorkspaceId, device: asDeviceId }),
  /** From the node of a new device to the home of its pairing: it asks to come in, is welcomed, says something, leaves. */
  knock: record({ k: oneOf("knock"), ...ofGuest }),
  here: record({ k: oneOf("here"), ...ofGuest }),
  say: record({ k: oneOf("say"), ...ofGuest, text: said }),
  left: record({ k: oneOf("left"), ...ofGuest }),
  /** From the home to the node of the new device. */
  in: record({ k: oneOf("in"), seat }),
  answer: record({ k: oneOf("answer"), seat, text: said }),
  over: record({ k: oneOf("over"), seat, code: int(4_000, 4_999), reason: asCloseReason }),
  /** A head that this server signed, of what the store does not have. */
  lost: record({ k: oneOf("lost"), wid: asWorkspaceId, head: text(1_024) }),
};
export type Word = { [K in keyof typeof words]: Parsed<(typeof words)[K]> }[keyof typeof words];

const word = tagged<Word>("k", words);

export const writeWord = (of: Word): string => JSON.stringify(of);
export const readWord = (source: string): Word | undefined => word(json(source));
