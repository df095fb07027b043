/** What the server owes once it has confirmed a command: the entry, in a document that is read here. */
import { parseCommand } from "#core/protocol/command.ts";
import { hashOf } from "#core/protocol/crypto.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import type { Ack } from "#core/protocol/wire.ts";
import type { Replica } from "../copy/replica.ts";

export interface AckDeps {
  readonly crypto: CryptoDep;
  readonly replica: Pick<Replica, "claims" | "suspect">;
  readonly isOpen: (doc: DocName) => boolean;
  readonly ownLanes: () => readonly DocName[];
}

/** The acknowledgement, or null where it cannot be true: then the command was not confirmed. */
export const createAckCheck =
  ({ crypto, replica, isOpen, ownLanes }: AckDeps) =>
  (jws: string, ack: Ack | null): Ack | null => {
    if (ack === null || !ack.ok) return ack;
    const payload = parseCommand(crypto, jws)?.payload;
    const shown = JSON.stringify(ack);
    const command = hashOf(crypto, jws);
    if (payload === undefined || ack.d !== payload.d || ack.id !== command) {
      replica.suspect(payload?.d ?? LOG, "ack-other", shown);
      return null;
    }
    // A vote on somebody else's request goes to the queue alone; what concerns an own request, to the lane too.
    const where = isOpen(payload.d) ? [payload.d] : payload.k === "approval.vote" ? [] : ownLanes();
    if (where.length > 0) replica.claims.promised(command, where, { doc: payload.d, seq: ack.s }, shown);
    return ack;
  };
