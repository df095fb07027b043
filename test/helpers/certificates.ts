/** X.509 certificates made in the test itself, by hand in DER: an authority, and what it or nobody vouches for. */
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { isIP } from "node:net";

export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly pair: { readonly name: string; readonly secret: KeyObject };
}
export interface Wishes {
  /** Name of the subject, and the only name that it is for unless `names` says others. */
  readonly name: string;
  readonly names?: readonly string[];
  /** ms since 1970. */
  readonly from?: number;
  readonly until?: number;
  /** Who vouches for it; itself where nobody is given. */
  readonly by?: Certificate;
  readonly authority?: boolean;
}

const DAY = 86_400_000;

const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const size =
    body.length < 128
      ? Buffer.from([body.length])
      : body.length < 256
        ? Buffer.from([0x81, body.length])
        : Buffer.from([0x82, body.length >> 8, body.length & 0xff]);
  return Buffer.concat([Buffer.from([tag]), size, body]);
};
const seq = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, "hex"));
const YES = der(0x01, Buffer.from([0xff]));
const ECDSA_SHA256 = seq(oid("2a8648ce3d040302"));

const nameOf = (text: string): Buffer => seq(der(0x31, seq(oid("550403"), der(0x0c, Buffer.from(text)))));
const timeOf = (ms: number): Buffer =>
  der(0x18, Buffer.from(`${new Date(ms).toISOString().replaceAll(/[-:T]/g, "").slice(0, 14)}Z`));
const addressOf = (name: string): Buffer =>
  Buffer.from(name === "::1" ? [...Array.from({ length: 15 }, () => 0), 1] : name.split(".").map(Number));
const altName = (name: string): Buffer =>
  isIP(name) === 0 ? der(0x82, Buffer.from(name)) : der(0x87, addressOf(name));
const extension = (id: string, value: Buffer, critical = false): Buffer =>
  seq(oid(id), ...(critical ? [YES] : []), der(0x04, value));
const pem = (kind: string, bytes: Buffer): string =>
  `-----BEGIN ${kind}-----\n${bytes
    .toString("base64")
    .replaceAll(/(.{64})/g, "$1\n")
    .trimEnd()}\n-----END ${kind}-----\n`;

export const makeCertificate = ({
  name,
  names = [name],
  from = Date.now() - DAY,
  until = Date.now() + 30 * DAY,
  by,
  authority = false,
}: Wishes): Certificate => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const extensions = authority
    ? [extension("551d13", seq(YES), true)]
    : [extension("551d11", seq(...names.map(altName)))];
  const body = seq(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ECDSA_SHA256,
    nameOf(by?.pair.name ?? name),
    seq(timeOf(from), timeOf(until)),
    nameOf(name),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, seq(...extensions)),
  );
  const signature = sign("sha256", body, by?.pair.secret ?? privateKey);
  const cert = pem("CERTIFICATE", seq(body, ECDSA_SHA256, der(0x03, Buffer.from([0]), signature)));
  return { cert, key: String(privateKey.export({ type: "pkcs8", format: "pem" })), pair: { name, secret: privateKey } };
};

export const makeAuthority = (name = "Company Root"): Certificate => makeCertificate({ name, authority: true });
