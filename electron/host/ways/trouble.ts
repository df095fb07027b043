/** Why a connection to another computer failed, told from codes alone. The words are the client's: see link/trouble-words.ts there. */
import type { Trouble } from "#core/facts/trouble.ts";
import { CertificateError, WayError } from "./dial.ts";

const MOST = 8;
/** An error with all that it names as its causes, the outermost first. */
const chain = (error: unknown): Error[] => {
  const all: Error[] = [];
  for (let each = error; each instanceof Error && all.length < MOST; each = each.cause) all.push(each);
  return all;
};
/** Codes along the causes of an error, the outermost first. */
export const codesOf = (error: unknown): string[] =>
  chain(error).flatMap((each) => ("code" in each && typeof each.code === "string" ? [each.code] : []));

const WAYS: Readonly<Record<string, "proxy-auth" | "proxy-refused" | "proxy-away" | "proxy-kind">> = {
  WAY_PROXY_AUTH: "proxy-auth",
  WAY_PROXY_REFUSED: "proxy-refused",
  WAY_PROXY_AWAY: "proxy-away",
  WAY_PROXY_KIND: "proxy-kind",
};

type Plain = Exclude<Trouble["kind"], "expired" | "early" | "wrong-name" | (typeof WAYS)[string]>;
/** The more exact first. */
const KINDS: readonly (readonly [Plain, RegExp])[] = [
  ["self-signed", /^DEPTH_ZERO_SELF_SIGNED_CERT$/],
  ["untrusted", /SELF_SIGNED|^UNABLE_TO_|^CERT_UNTRUSTED$/],
  ["certificate", /^(?:CERT_|ERR_TLS_CERT_)/],
  [
    "asks-certificate",
    /^ERR_SSL_.*(?:CERTIFICATE_REQUIRED|ALERT_BAD_CERTIFICATE|ALERT_CERTIFICATE_UNKNOWN|ALERT_UNKNOWN_CA|HANDSHAKE_FAILURE)$/,
  ],
  [
    "no-tls",
    /^(?:EPROTO|ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNEXPECTED_MESSAGE|BAD_RECORD_TYPE|RECORD_LAYER_FAILURE))$/,
  ],
  ["tls-cut", /^WAY_TLS_CUT$/],
  ["tls-terms", /^(?:ERR_SSL_|ERR_TLS_)/],
  ["no-name", /^(?:ENOTFOUND|EAI_AGAIN|EAI_FAIL|EAI_NODATA|EAI_NONAME)$/],
  ["nobody", /^ECONNREFUSED$/],
  ["no-way", /^(?:EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|EACCES|EPERM)$/],
  ["silent", /^(?:WAY_TIMEOUT|ETIMEDOUT|UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT)$/],
  ["no-http", /^HPE_/],
  ["cut", /^(?:UND_ERR_SOCKET|ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_CLOSED|UND_ERR_DESTROYED)$/],
];

const dayOf = (text: string): string | null => {
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : new Date(at).toISOString().slice(0, 10);
};
/** The first name that a certificate is for, where it is a plain one: it was written by whoever answered. */
const nameOf = (names: string): string | null =>
  /(?:^|, )(?:DNS|IP Address):([a-z0-9.*:-]{1,80})(?:,|$)/i.exec(names)?.[1] ?? null;

const byCertificate = (
  code: string,
  { from, until, names }: Partial<Pick<CertificateError, "from" | "until" | "names">>,
): Trouble | null => {
  if (code === "CERT_HAS_EXPIRED") return { kind: "expired", day: dayOf(until ?? "") };
  if (code === "CERT_NOT_YET_VALID") return { kind: "early", day: dayOf(from ?? "") };
  return code === "ERR_TLS_CERT_ALTNAME_INVALID" ? { kind: "wrong-name", name: nameOf(names ?? "") } : null;
};

/** Null where the failure is not one of the way. */
export const troubleOf = (error: unknown): Trouble | null => {
  for (const each of chain(error)) {
    const code = "code" in each ? String(each.code) : "";
    const known = byCertificate(code, each instanceof CertificateError ? each : {});
    if (known !== null) return known;
    const proxied = each instanceof WayError ? WAYS[each.code] : undefined;
    if (proxied !== undefined) return { kind: proxied, proxy: (each as WayError).proxy ?? "" };
  }
  const codes = codesOf(error);
  const kind = KINDS.find(([, words]) => codes.some((code) => words.test(code)))?.[0];
  return kind === undefined ? null : { kind };
};
