/** What answered with HTTP where a sync server would have opened a socket, in words. */
import type { Code } from "#core/facts/refusal.ts";

export const nameWords = (server: string): Code => ({
  code: "server-name",
  message: `The server does not go by the name ${server}. It was probably started without --origin, or with another one: tell the person who runs it.`,
});

const WORDS: Readonly<Record<number, (server: string) => Code>> = {
  421: nameWords,
  // The server's own answer where a question for a socket reaches it as a plain one.
  426: (server) => ({
    code: "proxy-no-upgrade",
    message: `A proxy in front of the server at ${server} does not pass on WebSocket connections. Tell the person who runs it: the headers Upgrade and Connection must reach the server.`,
  }),
  429: (server) => ({
    code: "server-busy",
    message: `What answers at ${server} takes no more connections from here for the moment. Try again in a minute.`,
  }),
  502: (server) => ({
    code: "server-behind-proxy",
    message: `A proxy answers at ${server}, and cannot reach the sync server behind it. Tell the person who runs it.`,
  }),
  503: (server) => ({
    code: "server-busy",
    message: `The server at ${server} takes no more connections from here for the moment, or is not running behind its proxy. Try again in a minute; if it lasts, tell the person who runs it.`,
  }),
  504: (server) => ({
    code: "server-behind-proxy",
    message: `A proxy answers at ${server}, and gets no answer from the sync server behind it. Tell the person who runs it.`,
  }),
};

export const answeredWords = (status: number, server: string): Code => {
  const known = WORDS[status];
  if (known !== undefined) return known(server);
  if (status >= 300 && status < 400)
    return {
      code: "server-elsewhere",
      message: `The address ${server} leads on to another one, which a sync server does not do. Check the address: https and http are two different ones.`,
    };
  return {
    code: "server-not-bulkhead",
    message: `What answers at ${server} is not a Bulkhead sync server (it says ${status}). Check the address; a proxy in front of the server may lead elsewhere.`,
  };
};
