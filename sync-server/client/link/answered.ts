/** What answered with HTTP where a sync server would have opened a socket. */
import { why } from "#core/facts/why.ts";
import type { Why } from "#core/facts/why.ts";

const KNOWN: Readonly<Record<number, (server: string) => Why>> = {
  421: (server) => why("server-name", server),
  // The server's own answer where a question for a socket reaches it as a plain one.
  426: (server) => why("proxy-no-upgrade", server),
  429: (server) => why("server-busy", server),
  502: (server) => why("server-behind-proxy", server),
  503: (server) => why("server-or-proxy-busy", server),
  504: (server) => why("server-silent-behind-proxy", server),
};

export const answeredFact = (status: number, server: string): Why =>
  KNOWN[status]?.(server) ??
  (status >= 300 && status < 400 ? why("server-elsewhere", server) : why("server-not-bulkhead", server, status));
