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
export type ServerId = Brand<"ServerId">;
/** A SHA-256, 43 characters of base64url. */
export type Hash = Brand<"Hash">;
export type RoleId = Brand<"RoleId">;
export type QueueId = Brand<"QueueId">;
/** `log`, `admin`, `queue:<q>` or `lane:<member>`. */
export type DocName = Brand<"DocName">;

const id22 = /^[A-Za-z0-9_-]{22}$/;
const hash43 = /^[A-Za-z0-9_-]{43}$/;
const slug = /^[a-z][a-z0-9-]{0,31}$/;
const doc = /^(?:log|admin|queue:[a-z][a-z0-9-]{0,31}|lane:[A-Za-z0-9_-]{22})$/;

const shaped =
  <T extends string>(pattern: RegExp) =>
  (value: unknown): T | undefined =>
    typeof value === "string" && pattern.test(value) ? (value as T) : undefined;

export const asWorkspaceId = shaped<WorkspaceId>(id22);
export const asMemberId = shaped<MemberId>(id22);
export const asDeviceId = shaped<DeviceId>(id22);
export const asInviteId = shaped<InviteId>(id22);
export const asServerId = shaped<ServerId>(id22);
export const asHash = shaped<Hash>(hash43);
/** A raw 32-byte public key. */
export const asKey = shaped<string>(hash43);
export const asRoleId = shaped<RoleId>(slug);
export const asQueueId = shaped<QueueId>(slug);
export const asDocName = shaped<DocName>(doc);

export const LOG = "log" as DocName;
export const ADMIN = "admin" as DocName;
export const queueDoc = (queue: QueueId): DocName => `queue:${queue}` as DocName;
export const laneDoc = (member: MemberId): DocName => `lane:${member}` as DocName;
/** What follows the colon, or undefined for `log` and `admin`. */
export const docArgument = (name: DocName): string | undefined => {
  const colon = name.indexOf(":");
  return colon < 0 ? undefined : name.slice(colon + 1);
};
