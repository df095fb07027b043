/** What the protocol's client is handed of cryptography where it runs on Node. */
import { randomBytes } from "node:crypto";
import type { ClientCrypto } from "#client/ports/crypto.ts";
import { nodeCrypto, verifyOnPool } from "./crypto.ts";
import { sealFor } from "./seal.ts";

export const clientCrypto: ClientCrypto = {
  ...nodeCrypto,
  verifyAhead: verifyOnPool,
  random: (bytes) => randomBytes(bytes).toString("base64url"),
  sealFor: async (text, recipients) => sealFor(text, recipients),
};
