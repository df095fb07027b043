/** Why a connection to another computer failed, told from codes alone, and the words for it. */
import { CertificateError, WayError } from "./dial.ts";

export type Trouble =
  | {
      readonly kind:
        | "untrusted"
        | "self-signed"
        | "certificate"
        | "no-tls"
        | "tls-cut"
        | "tls-terms"
        | "asks-certificate";
    }
  /** The day, as the certificate says it, or null. */
  | { readonly kind: "expired" | "early"; readonly day: string | null }
  | { readonly kind: "wrong-name"; readonly name: string | null }
  | { readonly kind: "no-name" | "nobody" | "no-way" | "silent" | "no-http" | "cut" }
  | { readonly kind: "proxy-auth" | "proxy-refused" | "proxy-away" | "proxy-kind"; readonly proxy: string };

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

/** What happened and what to do, in whole sentences. `who` is the host or address as it is shown. */
export const troubleWords = (trouble: Trouble, who: string): string => {
  switch (trouble.kind) {
    case "untrusted":
      return `The certificate of ${who} is not trusted by this computer. If your company has its own certificate authority, ask your administrator to add it to this computer's certificates, then start Bulkhead again.`;
    case "self-signed":
      return `The certificate of ${who} is vouched for by nobody but itself, so this computer does not trust it. Ask whoever runs it for a certificate that is, or add this one to this computer's certificates and start Bulkhead again.`;
    case "expired":
      return `The certificate of ${who} has expired${trouble.day === null ? "" : ` on ${trouble.day}`}. Tell whoever runs it to renew it. If that day is still to come, set this computer's clock.`;
    case "early":
      return `The certificate of ${who} is not valid yet${trouble.day === null ? "" : `, only from ${trouble.day}`}. Perhaps this computer's clock is wrong: set it, then try again.`;
    case "wrong-name":
      return `The certificate that ${who} shows is for another name${trouble.name === null ? "" : ` (${trouble.name})`}. Check the address, or tell whoever runs it.`;
    case "certificate":
      return `The certificate of ${who} cannot be used. Tell whoever runs it.`;
    case "no-tls":
      return `What answers at ${who} does not speak https. Check whether the address begins with http://, and its port.`;
    case "no-http":
      return `What answers at ${who} does not speak HTTP. Check whether the address begins with https://, and its port.`;
    case "tls-cut":
      return `The connection to ${who} ended before it was secured. Check whether the address begins with http://, and its port; a firewall on the way may do this too.`;
    case "tls-terms":
      return `This computer and ${who} do not agree on how to secure the connection. Tell whoever runs it.`;
    case "asks-certificate":
      return `The way to ${who} asks this computer for a certificate of its own, which Bulkhead cannot give. Ask whoever runs it for another way in.`;
    case "no-name":
      return `The address ${who} could not be found. Check it, and whether this computer is online.`;
    case "nobody":
      return `Nobody answers at ${who}. Check the address and its port, and whether the server there is running.`;
    case "no-way":
      return `There is no way from this network to ${who}. Check whether this computer is online, and whether it must be in another network.`;
    case "silent":
      return `No answer came from ${who} in time. Check the address and whether this computer is online; a firewall on the way may do this too.`;
    case "cut":
      return `The connection to ${who} was closed without an answer. Try again; if it stays, check the address and its port.`;
    case "proxy-auth":
      return `The proxy ${trouble.proxy} asks for a name and a password before it lets anything out to ${who}. Ask your administrator for them, and put them into the proxy's address.`;
    case "proxy-refused":
      return `The proxy ${trouble.proxy} does not let Bulkhead out to ${who}. Ask your administrator to allow it.`;
    case "proxy-away":
      return `The proxy ${trouble.proxy}, through which this computer goes out, cannot be reached. Check this computer's network and its proxy setting.`;
    case "proxy-kind":
      return `The proxy ${trouble.proxy} is of a kind that Bulkhead does not know. Ask your administrator for an HTTP proxy.`;
  }
};
