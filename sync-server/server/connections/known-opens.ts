/**
 * OPENs that were read and answered before. A device that comes back and lacks nothing asks, byte for byte, what it asked the
 * last time: then nothing is read, and there is one answer for all of it. It is judged anew each time, for whoever asks.
 */
import { docBase } from "#core/protocol/ids.ts";
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";
import type { Asked, Had } from "#core/protocol/channels.ts";
import { putNewest } from "#core/protocol/newest.ts";

/** Below that, reading costs no more than looking it up. */
const WORTH_IT = 16;
/** Documents in all of them together, some 200 bytes each. */
const DOCUMENTS_MAX = 32_768;

export interface KnownAsked extends Asked {
  readonly had: Had;
}
export interface KnownOpen {
  readonly asked: readonly KnownAsked[];
  /** What rights to them depend on. Each is of an epoch that was opened, and no epoch is taken back. */
  readonly bases: readonly DocName[];
  /** The frame that says of all of them that nothing changed. */
  readonly unchanged: Uint8Array;
}
export interface KnownOpens {
  /** Under which name an OPEN of that workspace is kept; undefined for one that is too short to be. */
  keyOf(wid: WorkspaceId, bytes: Uint8Array): string | undefined;
  get(key: string): KnownOpen | undefined;
  /** Each of them may be read by who asked, and is as they have it. */
  keep(key: string, asked: readonly KnownAsked[], unchanged: Uint8Array): void;
}

/** A name and a hash of each, at least. */
const SHORTEST = WORTH_IT * 48;

export const createKnownOpens = (hash: (bytes: Uint8Array) => string, most = DOCUMENTS_MAX): KnownOpens => {
  const opens = new Map<string, KnownOpen>();
  let documents = 0;
  const forget = (key: string, { asked }: KnownOpen): void => {
    opens.delete(key);
    documents -= asked.length;
  };
  return {
    keyOf: (wid, bytes) => (bytes.byteLength < SHORTEST ? undefined : `${wid} ${hash(bytes)}`),
    get: (key) => {
      const known = opens.get(key);
      if (known !== undefined) putNewest(opens, key, known, opens.size);
      return known;
    },
    keep: (key, asked, unchanged) => {
      if (opens.has(key) || asked.length < WORTH_IT) return;
      opens.set(key, { asked, bases: [...new Set(asked.map(({ doc }) => docBase(doc)))], unchanged });
      documents += asked.length;
      for (const [oldest, known] of opens) {
        if (documents <= most) return;
        forget(oldest, known);
      }
    },
  };
};
