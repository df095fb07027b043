/**
 * Who may found a workspace here. A server that others reach founds for whoever holds a founding link, once: the link
 * carries a seed, the store keeps the public half of the key made from it, and which workspace it founded. So several
 * nodes over one store agree, and nothing that is stored founds anything.
 */
import { createPrivateKey, createPublicKey, hkdfSync, randomBytes } from "node:crypto";
import { foundProofText } from "#core/protocol/command.ts";
import type { AuthPayload } from "#core/protocol/command.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";
import type { WorkspaceId } from "#core/protocol/ids.ts";
import { CLOSE } from "#core/protocol/wire.ts";
import type { Shut } from "./auth.ts";
import type { Limits } from "./limits.ts";
import type { ChainStore } from "../store/store.ts";

/** `link`: only with a founding link. */
export type Founding = "open" | "link" | "closed";

/** How long a link is good, ms. */
export const FOUNDING_LINK_MS = 86_400_000;

const givenName = (x: string): string => `founding ${x}`;
const usedName = (x: string): string => `founded ${x}`;

// RFC 8410: an Ed25519 private key in PKCS #8 is this prefix and the 32 bytes. Apps derive it in the same way.
const PKCS8_ED25519 = Buffer.from("302e020100300506032b657004220420", "hex");
const publicKeyOf = (seed: string): string => {
  const secret = Buffer.from(hkdfSync("sha256", Buffer.from(seed, "base64url"), "", "bulkhead-found-v1", 32));
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, secret]), format: "der", type: "pkcs8" });
  return createPublicKey(key).export({ format: "jwk" }).x ?? "";
};

/** A new link for the person who runs the server. It is told once, here. */
export const makeFoundingLink = async (
  store: Pick<ChainStore, "secret">,
  origin: string,
  now: number,
): Promise<{ link: string; until: number }> => {
  const seed = randomBytes(16).toString("base64url");
  const until = now + FOUNDING_LINK_MS;
  await store.secret(givenName(publicKeyOf(seed)), () => String(until));
  return { link: `${origin}/found#1.${seed}`, until };
};

export interface Foundings {
  /** Why this answer may not found, or undefined where it may. */
  refuse(payload: AuthPayload, address: string): Promise<Shut | undefined>;
  /** Before the founding command is judged: from here on the link founds this workspace or none. */
  use(link: string, wid: WorkspaceId): Promise<boolean>;
}

export const createFoundings = (parts: {
  readonly create: Founding;
  readonly store: Pick<ChainStore, "secret" | "kept">;
  readonly crypto: CryptoDep;
  readonly limits: Pick<Limits, "founding">;
  readonly now: () => number;
}): Foundings => {
  const { create, store, crypto, limits, now } = parts;

  const fits = async ({ w, nonce, aud, link }: AuthPayload): Promise<boolean> => {
    if (link === undefined || !crypto.verify(link.x, foundProofText(w, nonce, aud, link.x), link.proof)) return false;
    const until = await store.kept(givenName(link.x));
    if (until === undefined || Number(until) <= now()) return false;
    const used = await store.kept(usedName(link.x));
    return used === undefined || used === w;
  };
  return {
    refuse: async (payload, address) => {
      if (create === "closed") return { code: CLOSE.foundingClosed, reason: "founding-closed" };
      // Counted first: who tries links is slowed down like who founds.
      if (!limits.founding(address)) return { code: CLOSE.tooMuch, reason: "too-many-foundings" };
      if (create === "open" || (await fits(payload))) return undefined;
      return { code: CLOSE.linkNeeded, reason: "founding-link-needed" };
    },
    use: async (link, wid) => (await store.secret(usedName(link), () => wid)) === wid,
  };
};
