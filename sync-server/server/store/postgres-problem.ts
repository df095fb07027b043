/** What PostgreSQL and its driver say, as sentences for the person who runs the server. Never their own texts: those may name hosts, accounts and values. */
import { StoreProblem } from "./store.ts";

/** SQLSTATE, Node's code of a network error, or "" where the driver gave neither. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

/** Whether the database itself answered with an error, so that the connection is still in step. */
export const isAnswer = (error: unknown): boolean => /^[0-9A-Z]{5}$/.test(codeOf(error));

/** Sentences for codes of TLS and of the network, the more exact first. */
const WAY: readonly (readonly [RegExp, string])[] = [
  [/^CERT_HAS_EXPIRED$/, "The certificate of the database has expired, so nothing was sent. Renew it there."],
  [
    /^CERT_NOT_YET_VALID$/,
    "The certificate of the database is not valid yet, so nothing was sent. Set this computer's clock, or wait.",
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    "The certificate of the database is for another name, so nothing was sent. Use the name in BULKHEAD_POSTGRES that the certificate has.",
  ],
  [
    /SELF_SIGNED|^UNABLE_TO_|^CERT_UNTRUSTED$/,
    "The certificate of the database is not trusted by this computer, so nothing was sent. Put its certificate authority into this computer's store, or name its file: add &sslrootcert=/path/to/ca.pem in BULKHEAD_POSTGRES.",
  ],
  [/^(?:CERT_|ERR_TLS_CERT_)/, "The certificate of the database cannot be used, so nothing was sent."],
  [/^(?:ERR_SSL_|ERR_TLS_|EPROTO$)/, "The database and this server did not agree on TLS, so nothing was sent."],
  [
    /^(?:ENOTFOUND|EAI_AGAIN|EAI_FAIL)$/,
    "There is no computer of the name in BULKHEAD_POSTGRES, or the name server does not answer.",
  ],
  [/^ECONNREFUSED$/, "The database does not answer: nothing listens at the address in BULKHEAD_POSTGRES."],
];
const NO_TLS =
  "The database does not speak TLS, and BULKHEAD_POSTGRES asks for it. Switch ssl on there, or leave sslmode out where the network is yours.";
const POOLER =
  "The pooler before the database refused the connection (08P01); its log says why. It must be in session mode, and know the database and the account of BULKHEAD_POSTGRES.";

export const postgresProblem = (error: unknown): StoreProblem => {
  if (error instanceof StoreProblem) return error;
  const code = codeOf(error);
  if (code === "53100")
    return new StoreProblem("full", "The database's disk is full. Free some space; nothing was lost.");
  if (code.startsWith("28"))
    return new StoreProblem(
      "unwritable",
      "The database refused this account. Check the user and the password in BULKHEAD_POSTGRES.",
    );
  if (code === "42501")
    return new StoreProblem(
      "unwritable",
      "This account may not make or write tables in the database. Make it the owner of the database.",
    );
  if (code === "25006")
    return new StoreProblem(
      "unwritable",
      "The database takes no writes now: it is a standby or set to read-only. Connect to the primary.",
    );
  if (code === "3D000")
    return new StoreProblem("unwritable", "There is no database of the name in BULKHEAD_POSTGRES. Create it first.");
  if (code === "22021" || code === "22P05")
    return new StoreProblem("unwritable", "The database does not store UTF-8. Create it with encoding UTF8.");
  if (code === "08P01") return new StoreProblem("failed", POOLER);
  // The driver's own error here has no code.
  if (code === "" && error instanceof Error && error.message.includes("does not support SSL"))
    return new StoreProblem("failed", NO_TLS);
  const way = WAY.find(([codes]) => codes.test(code))?.[1];
  if (way !== undefined)
    return new StoreProblem("failed", `${way} Commands are refused until then; nothing acknowledged is lost.`);
  return new StoreProblem(
    "failed",
    `The database does not answer${code === "" ? "" : ` (${code})`}. Commands are refused until it does; nothing acknowledged is lost.`,
  );
};

export const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw postgresProblem(error);
  }
};
