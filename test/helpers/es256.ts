/** Signatures of P-256: the published vectors of RFC 6979, and what lies beside each good one. */
import { createPrivateKey, generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { SignAlg } from "#core/protocol/es256.ts";

export type ByteClaim = readonly [alg: SignAlg, key: string, bytes: string, signature: string];
export interface Case {
  readonly name: string;
  readonly claim: ByteClaim;
  readonly good: boolean;
}

export const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
export const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const bytes32 = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, "0"), "hex");
const numberOf = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString("hex")}`);
const url = (...parts: readonly Uint8Array[]): string => Buffer.concat(parts).toString("base64url");
const POINT = Buffer.from([4]);

/** RFC 6979, A.2.5: P-256 with SHA-256. Of "sample" the published `s` is the higher one. */
const X = bytes32(0x60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6n);
const Y = bytes32(0x7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299n);
const KEY = url(POINT, X, Y);
const SAMPLE = {
  r: 0xefd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716n,
  s: 0xf7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8n,
};
const TEST = {
  r: 0xf1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367n,
  s: 0x019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083n,
};
const said = (text: string): string => Buffer.from(text).toString("base64url");
const spelled = (r: bigint, s: bigint): string => url(bytes32(r), bytes32(s));

const derInt = (value: bigint): Buffer => {
  const bytes = bytes32(value);
  const padded = (bytes[0] ?? 0) > 127 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes;
  return Buffer.concat([Buffer.from([2, padded.length]), padded]);
};
const der = (r: bigint, s: bigint): string => {
  const body = Buffer.concat([derInt(r), derInt(s)]);
  return url(Buffer.from([48, body.length]), body);
};

const of = (
  name: string,
  good: boolean,
  over: Partial<{ key: string; said: string; signature: string }> = {},
): Case => ({
  name,
  good,
  claim: ["ES256", over.key ?? KEY, over.said ?? said("test"), over.signature ?? spelled(TEST.r, TEST.s)],
});

export const VECTORS: readonly Case[] = [
  of("RFC 6979: test", true),
  of("RFC 6979: sample, with the higher s as published", false, {
    said: said("sample"),
    signature: spelled(SAMPLE.r, SAMPLE.s),
  }),
  of("RFC 6979: sample, with the lower s", true, {
    said: said("sample"),
    signature: spelled(SAMPLE.r, N - SAMPLE.s),
  }),
  of("another message", false, { said: said("tests") }),
  of("no message", false, { said: "" }),
  of("the higher s", false, { signature: spelled(TEST.r, N - TEST.s) }),
  of("s and the order", false, { signature: spelled(TEST.r, TEST.s + N) }),
  of("r is 0", false, { signature: spelled(0n, TEST.s) }),
  of("s is 0", false, { signature: spelled(TEST.r, 0n) }),
  of("both are 0", false, { signature: spelled(0n, 0n) }),
  of("both are 1", false, { signature: spelled(1n, 1n) }),
  of("r is the order", false, { signature: spelled(N, TEST.s) }),
  of("s is the order", false, { signature: spelled(TEST.r, N) }),
  of("r is the modulus", false, { signature: spelled(P, TEST.s) }),
  of("r and s are swapped", false, { signature: spelled(TEST.s, TEST.r) }),
  of("DER", false, { signature: der(TEST.r, TEST.s) }),
  of("a byte too few", false, { signature: url(bytes32(TEST.r), bytes32(TEST.s).subarray(1)) }),
  of("a byte too many", false, { signature: url(bytes32(TEST.r), bytes32(TEST.s), Buffer.alloc(1)) }),
  of("no signature", false, { signature: "" }),
  of("a signature with padding", false, { signature: `${spelled(TEST.r, TEST.s)}==` }),
  of("a signature with spare bits", false, { signature: `${spelled(TEST.r, TEST.s).slice(0, -1)}x` }),
  of("a message with spare bits", false, { said: `${said("test").slice(0, -1)}B` }),
  of("a compressed point", false, { key: url(Buffer.from([2 + ((Y[31] ?? 0) & 1)]), X) }),
  of("a hybrid point", false, { key: url(Buffer.from([6 + ((Y[31] ?? 0) & 1)]), X, Y) }),
  of("a point without its prefix", false, { key: url(X, Y) }),
  of("a point off the curve", false, { key: url(POINT, X, bytes32(numberOf(Y) ^ 1n)) }),
  of("the other point of that x", false, { key: url(POINT, X, bytes32(P - numberOf(Y))) }),
  of("the point at infinity", false, { key: url(Buffer.alloc(1)) }),
  of("the point 0, 0", false, { key: url(POINT, bytes32(0n), bytes32(0n)) }),
  of("a coordinate that is the modulus", false, { key: url(POINT, bytes32(P), Y) }),
  of("a key with padding", false, { key: `${KEY}=` }),
  of("no key", false, { key: "" }),
  {
    name: "the signature of another algorithm",
    good: false,
    claim: ["Ed25519", KEY, said("test"), spelled(TEST.r, TEST.s)],
  },
];

const pointOf = (key: KeyObject): string => {
  const { x = "", y = "" } = key.export({ format: "jwk" });
  return url(POINT, Buffer.from(x, "base64url"), Buffer.from(y, "base64url"));
};
/** Fresh keys, and of each message the signature in its one spelling, in the other, and with one bit changed. */
export const randomCases = (count: number): Case[] => {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = pointOf(pair.publicKey);
  const signs = createPrivateKey({ key: pair.privateKey.export({ format: "jwk" }), format: "jwk" });
  return Array.from({ length: count }, (_, i): Case[] => {
    const message = Buffer.from(`message ${i}`);
    const raw = sign("sha256", message, { key: signs, dsaEncoding: "ieee-p1363" });
    const [r, s] = [numberOf(raw.subarray(0, 32)), numberOf(raw.subarray(32))];
    const low = s > (N - 1n) / 2n ? N - s : s;
    const bent = Buffer.concat([bytes32(r), bytes32(low)]);
    bent[i % 64] = (bent[i % 64] ?? 0) ^ (1 << (i % 7));
    const claim = (signature: string): ByteClaim => ["ES256", key, message.toString("base64url"), signature];
    return [
      { name: `${i}: low`, good: true, claim: claim(spelled(r, low)) },
      { name: `${i}: high`, good: false, claim: claim(spelled(r, N - low)) },
      { name: `${i}: bent`, good: false, claim: claim(url(bent)) },
    ];
  }).flat();
};

/** The published Ed25519 vectors of RFC 8032, 7.1, over bytes that are no text. */
export const ED25519: readonly Case[] = (
  [
    [
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ],
    [
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ],
    [
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ],
  ] as const
).flatMap(([key, bytes, signature], i): Case[] => {
  const text = (hex: string): string => Buffer.from(hex, "hex").toString("base64url");
  const claim: ByteClaim = ["Ed25519", text(key), text(bytes), text(signature)];
  return [
    { name: `RFC 8032: ${i + 1}`, good: true, claim },
    { name: `RFC 8032: ${i + 1}, another message`, good: false, claim: [claim[0], claim[1], text("ff"), claim[3]] },
    { name: `RFC 8032: ${i + 1}, as ES256`, good: false, claim: ["ES256", claim[1], claim[2], claim[3]] },
  ];
});
