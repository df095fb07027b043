/** Codes of the network, and of nothing else: only these lead to words about the network. */

/** Codes along the causes of an error, the outermost first. */
export const codesOf = (error: unknown): string[] => {
  const codes: string[] = [];
  for (let each = error, depth = 0; each instanceof Error && depth < 6; each = each.cause, depth += 1) {
    if ("code" in each && typeof each.code === "string") codes.push(each.code);
  }
  return codes;
};

export type NetworkKind = "closed" | "name" | "trust" | "tls" | "reach" | "speech" | "slow";
const KINDS: readonly (readonly [NetworkKind, RegExp])[] = [
  ["trust", /^(?:ERR_TLS_CERT|CERT_)|SELF_SIGNED|UNABLE_TO_|DEPTH_ZERO|HOSTNAME_MISMATCH/],
  ["tls", /^(?:ERR_SSL|ERR_TLS|EPROTO)/],
  ["name", /^(?:ENOTFOUND|EAI_AGAIN|EAI_FAIL)$/],
  ["reach", /^(?:ECONNREFUSED|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|ETIMEDOUT|EACCES|EPERM|UND_ERR_CONNECT_TIMEOUT)$/],
  ["slow", /^UND_ERR_(?:HEADERS|BODY)_TIMEOUT$/],
  ["speech", /^HPE_/],
  ["closed", /^(?:UND_ERR_SOCKET|ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_CLOSED|UND_ERR_DESTROYED)$/],
];

export const networkOf = (codes: readonly string[]): NetworkKind | null => KINDS.find(([, words]) => codes.some((code) => words.test(code)))?.[0] ?? null;
