/**
 * Names of things in the workspace protocol. All are plain strings on the wire; the brands keep a member id from
 * being passed where a device id belongs. Hash-shaped ids are base64url without padding.
 */
type Brand<Name extends string> = string & { readonly __brand: Name };

/** First 22 characters of SHA-256 over the genesis text: a server cannot serve another founder for it. */
export type WorkspaceId = Brand<"WorkspaceId">;
export type MemberId = Brand<"MemberId">;
/** First 22 characters of SHA-256("bulkhead-device-v1" NUL publicKeyX). */
export type DeviceId = Brand<"DeviceId">;
/** First 22 characters of SHA-256("bulkhead-invite-id-v1" NUL publicKeyX of the invite key). */
export type InviteId = Brand<"InviteId">;
/** First 22 characters of SHA-256("bulkhead-pair-id-v1" NUL publicKeyX of the pairing key). */
export type PairId = Brand<"PairId">;
export type ServerId = Brand<"ServerId">;
/** A SHA-256, 43 characters of base64url. */
export type Hash = Brand<"Hash">;
export type RoleId = Brand<"RoleId">;
export type QueueId = Brand<"QueueId">;
/** `log`, `admin`, `queue:<q>` or `lane:<member>`; later epochs of the last two end in `@2`, `@3` and so on. */
export type DocName = Brand<"DocName">;

const id22 = /^[A-Za-z0-9_-]{22}$/;
const hash43 = /^[A-Za-z0-9_-]{43}$/;
const slug = /^[a-z][a-z0-9-]{0,31}$/;
const doc = /^(?:log|admin|(?:queue:[a-z][a-z0-9-]{0,31}|lane:[A-Za-z0-9_-]{22})(?:@(?:[2-9]|[1-9][0-9]{1,3}))?)$/;
/** Forms that later levels bring: named now, so that an app of this level knows what it meets (LV4). */
const laterDoc = /^(?:(?:shared|base):[A-Za-z0-9_-]{22}(?:@(?:[2-9]|[1-9][0-9]{1,3}))?)$/;
const anyDoc = /^([a-z][a-z0-9-]{0,31})(?::[A-Za-z0-9_-]{1,64})?(?:@[1-9][0-9]{0,3})?$/;
const base = /^(?:queue:[a-z][a-z0-9-]{0,31}|lane:[A-Za-z0-9_-]{22})$/;

const shaped =
  <T extends string>(pattern: RegExp) =>
  (value: unknown): T | undefined =>
    typeof value === "string" && pattern.test(value) ? (value as T) : undefined;

export const asWorkspaceId = shaped<WorkspaceId>(id22);
export const asMemberId = shaped<MemberId>(id22);
export const asDeviceId = shaped<DeviceId>(id22);
export const asInviteId = shaped<InviteId>(id22);
export const asPairId = shaped<PairId>(id22);
export const asServerId = shaped<ServerId>(id22);
export const asHash = shaped<Hash>(hash43);
/** A raw 32-byte public key. */
export const asKey = shaped<string>(hash43);

/** Ed25519 points of an order of at most 8, in each spelling below the modulus. */
const SMALL: ReadonlySet<string> = new Set([
  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA",
  "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA",
  "qBmQj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU",
  "qBmQj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_IU",
  "xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA3o",
  "xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA_o",
]);
/** Bytes of 2^255 - 20 and above, with either sign: the last of those points, and numbers that are spelled twice. */
const AT_THE_END = /^[7-9_-][Pfv_]_{39}[3_]8$/;
/**
 * A raw Ed25519 public key, 32 bytes. Anybody can sign with a point of small order, and engines answer differently
 * whether such a signature is good; so a key that signs is none, and has one spelling.
 */
export const asSigningKey = (value: unknown): string | undefined => {
  const key = asKey(value);
  return key === undefined || SMALL.has(key) || AT_THE_END.test(key) ? undefined : key;
};
export const asRoleId = shaped<RoleId>(slug);
export const asQueueId = shaped<QueueId>(slug);
export const asDocName = shaped<DocName>(doc);

/** Classes of documents, by the word before the colon. */
export const DOC_CLASSES = ["log", "admin", "queue", "lane", "shared", "base"] as const;
export type DocClass = (typeof DOC_CLASSES)[number];
/** Whether this names a document of a class that a later level brings: whole, if the class is known, and of any form if it is not. */
export const isLaterDoc = (value: unknown): boolean => {
  if (typeof value !== "string") return false;
  const named = anyDoc.exec(value)?.[1];
  return laterDoc.test(value) || (named !== undefined && !(DOC_CLASSES as readonly string[]).includes(named));
};

export const LOG = "log" as DocName;
export const ADMIN = "admin" as DocName;
/** Name of a queue or a lane without its epoch. */
export const asBaseDoc = shaped<DocName>(base);
/** Epochs are numbered from 1, and the first one has no suffix, so that a document has one name. */
export const EPOCH_MAX = 9_999;
export const epochDoc = (name: string, epoch: number): DocName => (epoch === 1 ? name : `${name}@${epoch}`) as DocName;
export const queueDoc = (queue: QueueId, epoch = 1): DocName => epochDoc(`queue:${queue}`, epoch);
export const laneDoc = (member: MemberId, epoch = 1): DocName => epochDoc(`lane:${member}`, epoch);
export const docBase = (name: DocName): DocName => {
  const end = name.indexOf("@");
  return end < 0 ? name : (name.slice(0, end) as DocName);
};
export const docEpoch = (name: DocName): number => {
  const end = name.indexOf("@");
  return end < 0 ? 1 : Number(name.slice(end + 1));
};
/** The queue or member that a document is about, or undefined for `log` and `admin`. */
export const docArgument = (name: DocName): string | undefined => {
  const colon = name.indexOf(":");
  return colon < 0 ? undefined : docBase(name).slice(colon + 1);
};
