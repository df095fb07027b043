/**
 * Certificate authorities that this computer trusts, beside those that come with Node: a company's own, which its
 * administrators put into the system's store. Reading them takes some 40 ms on Linux, so only who needs them does.
 */
import * as tls from "node:tls";

/** A Node that cannot do it goes on with the authorities that it has. */
export const trustSystemStore = (): void => {
  if (typeof tls.setDefaultCACertificates !== "function") return;
  tls.setDefaultCACertificates([...new Set([...tls.getCACertificates("default"), ...tls.getCACertificates("system")])]);
};
