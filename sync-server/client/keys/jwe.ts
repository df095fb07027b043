/**
 * Text sealed for several devices: General JWE (RFC 7516), ECDH-ES+A256KW on X25519 (RFC 7518 section 4.6, RFC 8037) and
 * A256GCM, with its recipients packed, so that a team of fifty with ten devices each fits a command.
 *
 *   { protected: {"enc":"A256GCM"}, iv, ciphertext, tag, epk: "<43>", to: "<22: device><54: wrapped key>..." }
 *
 * Unpacked, each recipient is `{ header: { alg, kid, epk, apv }, encrypted_key }`. The ephemeral key is one for all; `apv`
 * is the device's id and public key, so that a wrapped key is for this device and no other.
 *
 * Here is what can be read without a key. Who seals is handed in: see `ClientCrypto`.
 */
/** Characters of a device's id, and of the content key wrapped for it. */
export const KID_SIZE = 22;
const WRAPPED = 54;
export const RECIPIENT_SIZE = KID_SIZE + WRAPPED;

/** Devices that a sealed text names; none where it is not of this shape. */
export const addressees = (jwe: string): string[] => {
  try {
    const { to } = JSON.parse(jwe) as { to: unknown };
    return typeof to === "string"
      ? Array.from({ length: to.length / RECIPIENT_SIZE }, (_, i) =>
          to.slice(i * RECIPIENT_SIZE, i * RECIPIENT_SIZE + KID_SIZE),
        )
      : [];
  } catch {
    // No sealed text: sealed for nobody.
    return [];
  }
};
