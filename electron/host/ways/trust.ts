/** Certificate authorities that this computer trusts, beside those that come with the program: a company's own among them. */
import { readFileSync } from "node:fs";
import * as tls from "node:tls";

/**
 * Node reads the file that NODE_EXTRA_CA_CERTS names by itself, but not in a packaged Electron, which is told to take no
 * options of Node from the environment.
 */
const extra = (file: string | undefined): string[] => {
  if (file === undefined || file === "" || tls.getCACertificates("extra").length > 0) return [];
  try {
    return [readFileSync(file, "utf8")];
  } catch {
    // Node itself warned of it at its start.
    return [];
  }
};

let joined = false;

/** Once, before the first TLS connection. A runtime that cannot do it goes on with the authorities that it has. */
export const trustSystemStore = (): void => {
  if (joined || typeof tls.setDefaultCACertificates !== "function") return;
  joined = true;
  const known = [...tls.getCACertificates("default"), ...tls.getCACertificates("system")];
  try {
    tls.setDefaultCACertificates([...new Set([...known, ...extra(process.env["NODE_EXTRA_CA_CERTS"])])]);
  } catch {
    // The extra file holds no certificate.
    tls.setDefaultCACertificates([...new Set(known)]);
  }
};
