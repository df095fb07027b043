/**
 * A proxy that ends TLS, as nginx does in docs/operating.md: it passes upgrades on as they are and adds who dialled it to
 * X-Forwarded-For. Its certificate is for localhost and for nothing else.
 */
import { createServer } from "node:https";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import type { TLSSocket } from "node:tls";
import { onTestFinished } from "vitest";

const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgMvVF0cIcIyQMfVbd
iNrhEN/zAnyZvcpx04ONv/3aqDOhRANCAASRl+vPDX9XLXNBczwFwQ4wS7atELkt
Q0ZFx8vDUbaKwTe3Fiq3rHJlZyTctopZuhl4ba30wyQ/JHdBRD1A7+Xo
-----END PRIVATE KEY-----
`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgIUG81R9yTSE8PtX288Bgs0CKPCNkUwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDIyNDQwMVoYDzIxMjYxMDMx
MjI0NDAxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASRl+vPDX9XLXNBczwFwQ4wS7atELktQ0ZFx8vDUbaKwTe3Fiq3rHJl
ZyTctopZuhl4ba30wyQ/JHdBRD1A7+Xoo2kwZzAdBgNVHQ4EFgQUTP/viZN+jq0l
3kDYjazP68FRqbswHwYDVR0jBBgwFoAUTP/viZN+jq0l3kDYjazP68FRqbswDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SAAwRQIgFiwQTzzLYL6Efdy73e9dQHqP0OxFDIBLW+8TqwjkqAkCIQD9bOKFEiG9
3PZi+tDhYJjcCvgMVLhulLIdA6KjO5OYAQ==
-----END CERTIFICATE-----
`;

/** A header with which a test says where it dials from; the proxy alone reads it. */
export const DIALLED_FROM = "x-test-dialled-from";

export interface TlsProxy {
  readonly url: string;
  /** Where it passes connections on to. */
  to(port: number): void;
}

/** Trusts its own certificate in this process, as a machine of its team would. */
export const startTlsProxy = async (): Promise<TlsProxy> => {
  let upstream = 0;
  const server = createServer({ key: KEY, cert: CERTIFICATE });
  server.on("upgrade", (request, client, head) => {
    const before = request.headers["x-forwarded-for"];
    const dialledFrom = String(request.headers[DIALLED_FROM] ?? (client as TLSSocket).remoteAddress);
    const forwarded = [...(before === undefined ? [] : [before].flat()), dialledFrom].join(", ");
    const passed = Object.entries(request.headers)
      .filter(([name]) => name !== "x-forwarded-for" && name !== DIALLED_FROM)
      .map(([name, value]) => `${name}: ${String(value)}\r\n`);
    const server = connect(upstream, "127.0.0.1", () => {
      server.write(`GET ${request.url ?? "/"} HTTP/1.1\r\n${passed.join("")}x-forwarded-for: ${forwarded}\r\n\r\n`);
      server.write(head);
      server.pipe(client).pipe(server);
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const)
      one.on("error", () => other.destroy()).on("close", () => other.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  onTestFinished(() => void server.close());
  setDefaultCACertificates([...getCACertificates(), CERTIFICATE]);
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    to: (port) => {
      upstream = port;
    },
  };
};
