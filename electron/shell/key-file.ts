/**
 * Where the private keys of this install rest: one file in the data folder, sealed by the operating system's keychain
 * where one answers, and otherwise readable by this account alone and saying so. It holds a ring of key pairs, each of
 * which is a device of its own in the workspaces that know it. A file that cannot be read is an error with a name and
 * never a reason to make new keys: those would be other devices.
 */
import { createPrivateKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { chmodSync } from "node:fs";
import { z } from "zod";
import { readWhole, removeLeftovers, writeWhole } from "./atomic-file.ts";
import { refused } from "#bridge/refused.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { keyFileWords } from "#text/shells.ts";

/** The operating system's store for secrets. `wrap` and `unwrap` may throw. */
export interface Keychain {
  readonly available: boolean;
  /** As a person knows it, e.g. `the macOS Keychain`. */
  readonly name: string;
  wrap(text: string): string;
  unwrap(sealed: string): string;
}

/** A shell without a keychain. */
export const noKeychain: Keychain = {
  available: false,
  name: keyFileWords.none,
  wrap: () => {
    throw refused("no-keychain");
  },
  unwrap: () => {
    throw refused("no-keychain");
  },
};

const raw = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const Halves = z.strictObject({ x: raw, d: raw });
const Pair = z.strictObject({ sign: Halves, open: Halves });
/** One device's private halves as raw base64url: Ed25519 and X25519. */
export type Pair = z.infer<typeof Pair>;

/** More than anybody's workspaces need; a host that asks for more without end fills no disk. */
export const RING_MAX = 200;
const Secrets = z.strictObject({ pairs: z.array(Pair).min(1).max(RING_MAX), wrap: raw });
/** Pairs in the order they were made, and 32 random bytes that wrap other secrets. */
export type Secrets = z.infer<typeof Secrets>;

/** Before there was a ring: exactly one pair. Such a file is carried on, and written anew with the next change. */
const SecretsV1 = z
  .strictObject({ sign: Halves, open: Halves, wrap: raw })
  .transform(({ sign, open, wrap }): Secrets => ({ pairs: [{ sign, open }], wrap }));
const secretsOf = { 1: SecretsV1, 2: Secrets } as const;

const version = z.union([z.literal(1), z.literal(2)]);
const KeyFile = z.discriminatedUnion("storage", [
  z.strictObject({ v: version, storage: z.literal("keychain"), keychain: z.string(), sealed: z.string() }),
  z.strictObject({ v: version, storage: z.literal("file"), note: z.string(), secrets: z.unknown() }),
]);
type KeyFile = z.infer<typeof KeyFile>;

export interface KeyFileNow {
  readonly secrets: () => Secrets;
  readonly storage: "keychain" | "file";
  readonly detail: string;
  /** Replaces the ring on the disk, then here. Throws `Refusal` keys-disk or keys-locked, and then nothing changed. */
  replace(pairs: readonly Pair[]): void;
}

/** Reads the keys at `path`, or makes them when there is no such file. Throws `Refusal` keys-damaged, keys-locked or keys-disk. */
export const openKeyFile = (path: string, keychain: Keychain): KeyFileNow => {
  attempt(() => removeLeftovers(path), diskRefusal);
  const text = attempt(() => readWhole(path), diskRefusal);
  const known = text === undefined ? undefined : read(path, text, keychain);
  const storage = known?.storage ?? (keychain.available ? "keychain" : "file");
  const keep = (next: Secrets): Secrets => {
    attempt(() => writeWhole(path, `${JSON.stringify(fileOf(next, storage, keychain), null, 2)}\n`), diskRefusal);
    return next;
  };
  let secrets = known?.secrets ?? keep({ pairs: [makePair()], wrap: randomBytes(32).toString("base64url") });
  return {
    secrets: () => secrets,
    storage,
    detail: storage === "file" ? keyFileWords.inFile : keyFileWords.sealedBy(known?.keychain ?? keychain.name),
    replace: (pairs) => {
      secrets = keep({ pairs: [...pairs], wrap: secrets.wrap });
    },
  };
};

/** Keys stay where they were put: a keychain that is gone for a moment must not turn a sealed file into an open one. */
const fileOf = (secrets: Secrets, storage: KeyFile["storage"], keychain: Keychain): KeyFile => {
  if (storage === "file") return { v: 2, storage, note: keyFileWords.note, secrets };
  if (!keychain.available) throw locked();
  return {
    v: 2,
    storage,
    keychain: keychain.name,
    sealed: attempt(() => keychain.wrap(JSON.stringify(secrets)), locked),
  };
};

interface Known {
  readonly secrets: Secrets;
  readonly storage: KeyFile["storage"];
  readonly keychain: string | undefined;
}

const read = (path: string, text: string, keychain: Keychain): Known => {
  const file = KeyFile.safeParse(attempt(() => JSON.parse(text) as unknown, damaged));
  if (!file.success) throw damaged();
  const { v, storage } = file.data;
  if (storage === "keychain")
    return { secrets: secretsIn(v, unseal(file.data.sealed, keychain)), storage, keychain: file.data.keychain };
  if (process.platform !== "win32") attempt(() => chmodSync(path, 0o600), diskRefusal);
  return { secrets: secretsIn(v, file.data.secrets), storage, keychain: undefined };
};

const secretsIn = (v: 1 | 2, value: unknown): Secrets => {
  const parsed = secretsOf[v].safeParse(value);
  if (!parsed.success) throw damaged();
  for (const each of parsed.data.pairs) check(each);
  return parsed.data;
};

export const makePair = (): Pair => ({ sign: pair("ed25519"), open: pair("x25519") });

const pair = (kind: "ed25519" | "x25519"): { x: string; d: string } => {
  const { privateKey } = kind === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("x25519");
  const { x, d } = privateKey.export({ format: "jwk" });
  return { x: x ?? "", d: d ?? "" };
};

const unseal = (sealed: string, keychain: Keychain): unknown => {
  if (!keychain.available) throw locked();
  const text = attempt(() => keychain.unwrap(sealed), locked);
  return attempt(() => JSON.parse(text) as unknown, damaged);
};

/** A public half that does not belong to its private half would sign things that nobody can verify. */
const check = ({ sign, open }: Pair): void => {
  for (const [crv, { x, d }] of [
    ["Ed25519", sign],
    ["X25519", open],
  ] as const) {
    const derived = attempt(
      () => createPrivateKey({ key: { kty: "OKP", crv, x, d }, format: "jwk" }).export({ format: "jwk" }),
      damaged,
    );
    if (derived.x !== x) throw damaged();
  }
};

const attempt = <T>(step: () => T, refusal: () => Refusal): T => {
  try {
    return step();
  } catch (error) {
    throw error instanceof Refusal ? error : refusal();
  }
};

const damaged = (): Refusal => refused("keys-damaged");
const locked = (): Refusal => refused("keys-locked");
const diskRefusal = (): Refusal => refused("keys-disk");
