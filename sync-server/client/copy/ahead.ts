/**
 * Signatures of many entries, checked beside this thread before the fold takes them. The fold asks `crypto.verify` as
 * always, and is answered from here where exactly this key, text and signature were checked and are good. Anything else
 * it checks itself, so a verdict is the same with this file and without it; only the time differs.
 *
 * Which key a signature needs is a guess that cannot harm: an id is the hash of its key, so a key that fits the id of a
 * command is the key of that device, wherever it was read.
 */
import {
  bodies,
  deviceProofText,
  genesisText,
  invitePayload,
  joinProofText,
  parseCommand,
  parseSigned,
} from "#core/protocol/command.ts";
import type { CommandPayload, Signed } from "#core/protocol/command.ts";
import { deviceIdOf } from "#core/protocol/crypto.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";
import { parseEntry } from "#core/protocol/entry.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DeviceId, DocName, MemberId } from "#core/protocol/ids.ts";
import { json } from "#core/protocol/parse.ts";
import type { ReadLog } from "#core/rules/read.ts";
import type { ClientCrypto } from "../ports/crypto.ts";

/** So many are in flight together: what the fold takes in about a tenth of a second. */
const CHUNK = 400;
/** Fewer are checked in line: the way there and back costs more. */
const FEW = 64;

/** What arrived of one document and is not folded yet. */
export interface Waiting {
  readonly entries: string[];
  /** How many of them, from the first, the fold may take. */
  ready: number;
  running: boolean;
}
export const newWaiting = (entries: readonly string[]): Waiting => ({
  entries: [...entries],
  ready: 0,
  running: false,
});

export interface Ahead {
  /** What the fold verifies with. */
  readonly crypto: CryptoDep;
  /** How many entries the fold may take now. Where it is none, `go` is called when there are some. */
  ready(doc: DocName, waiting: Waiting, go: () => void): number;
  /** Checks the signatures of these entries. */
  check(doc: DocName, entries: readonly string[]): Promise<void>;
  /** What was checked is not going to be folded. */
  forget(): void;
}

interface Claim {
  readonly x: string;
  readonly text: string;
  readonly signature: string;
}
interface Key {
  readonly x: string;
  readonly member: MemberId | undefined;
}
/** Reads what the fold will ask, in the order in which keys become known. */
type Reader = (crypto: CryptoDep, signed: Signed<CommandPayload>, keys: Keys) => Claim[];
type Keys = Map<DeviceId, Key>;

export const createAhead = (
  crypto: CryptoDep & Pick<ClientCrypto, "verifyAhead">,
  log: () => Pick<ReadLog, "devices">,
): Ahead => {
  const good = new Map<string, string>();
  const check = async (doc: DocName, entries: readonly string[]): Promise<void> => {
    const keys: Keys = new Map([...log().devices.values()].map(({ id, x, member }) => [id, { x, member }]));
    const claims = entries.flatMap((entry) => claimsOf(crypto, entry, doc, keys));
    await Promise.all(
      claims.map(async ({ x, text, signature }) => {
        if (await crypto.verifyAhead(x, text, signature)) good.set(`${x} ${signature}`, text);
      }),
    );
  };

  return {
    crypto: {
      ...crypto,
      verify: (x, text, signature) => {
        const name = `${x} ${signature}`;
        if (good.get(name) !== text) return crypto.verify(x, text, signature);
        good.delete(name);
        return true;
      },
    },
    check,
    ready: (doc, waiting, go) => {
      const left = waiting.entries.length - waiting.ready;
      if (waiting.ready === 0 && !waiting.running && left <= FEW) return left;
      if (waiting.ready < CHUNK && !waiting.running && left > 0) {
        const next = waiting.entries.slice(waiting.ready, waiting.ready + CHUNK);
        waiting.running = true;
        // Turns between chunks: reading a chunk takes as long as folding it.
        void check(doc, next).finally(() => {
          waiting.running = false;
          waiting.ready += next.length;
          go();
        });
      }
      return waiting.ready;
    },
    forget: () => good.clear(),
  };
};

const claimsOf = (crypto: CryptoDep, source: string, doc: DocName, keys: Keys): Claim[] => {
  const entry = parseEntry(source, doc === LOG);
  const signed = entry === undefined ? undefined : parseCommand(crypto, entry.c);
  if (signed === undefined) return [];
  const claims = (readers[signed.payload.k] ?? NOTHING_MORE)(crypto, signed, keys);
  const author = keys.get(signed.kid);
  return author === undefined ? claims : [{ x: author.x, text: signed.input, signature: signed.signature }, ...claims];
};
const NOTHING_MORE: Reader = () => [];

const learn = (crypto: CryptoDep, keys: Keys, x: string, member: MemberId | undefined): void =>
  void keys.set(deviceIdOf(crypto, x), { x, member });

const inviteClaim = (crypto: CryptoDep, invite: string, keys: Keys): Claim[] => {
  const signed = parseSigned(crypto, invite, invitePayload);
  const maker = signed === undefined ? undefined : keys.get(signed.kid);
  return signed === undefined || maker === undefined
    ? []
    : [{ x: maker.x, text: signed.input, signature: signed.signature }];
};

const newDevice =
  (kind: "device.add" | "device.rotate"): Reader =>
  (crypto, { kid, payload }, keys) => {
    const body = bodies[kind](payload.b);
    const member = keys.get(kid)?.member;
    if (body === undefined || member === undefined) return [];
    learn(crypto, keys, body.x, member);
    return [{ x: body.x, text: deviceProofText(payload.w, member, body.x, body.enc), signature: body.pop }];
  };

const readers: Readonly<Record<string, Reader>> = {
  genesis: (crypto, { payload }, keys) => {
    const body = bodies.genesis(payload.b);
    const text = body === undefined ? undefined : genesisText(json(body.text));
    if (text !== undefined) learn(crypto, keys, text.x, text.member);
    return [];
  },
  "member.join": (crypto, { payload }, keys) => {
    const body = bodies["member.join"](payload.b);
    const invite = body === undefined ? undefined : parseSigned(crypto, body.invite, invitePayload)?.payload;
    if (body === undefined || invite === undefined) return [];
    learn(crypto, keys, body.x, body.member);
    return [
      ...inviteClaim(crypto, body.invite, keys),
      { x: invite.x, text: joinProofText(payload.w, invite.id, body.x, body.enc, body.member), signature: body.proof },
    ];
  },
  "device.add": newDevice("device.add"),
  "device.rotate": newDevice("device.rotate"),
  "invite.create": (crypto, { payload }, keys) => {
    const body = bodies["invite.create"](payload.b);
    return body === undefined ? [] : inviteClaim(crypto, body.invite, keys);
  },
};
