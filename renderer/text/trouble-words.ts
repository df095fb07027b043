/** The words for why a connection to another computer failed. */
import type { Trouble } from "#core/facts/trouble.ts";

interface Way {
  /** What happened. */
  readonly what: (who: string, trouble: Trouble) => string;
  /** What to do where the person wrote the address. */
  readonly typed: string;
  /** What to do where nobody here can write another one. Without it the same as above. */
  readonly known?: string;
}

const LASTS = "If it lasts, tell the person who runs the server.";
const ONLINE = `Check whether this computer is online. ${LASTS}`;
const day = (trouble: Trouble): string | null => ("day" in trouble ? trouble.day : null);
const proxy = (trouble: Trouble): string => ("proxy" in trouble ? trouble.proxy : "");

const WAYS: Readonly<Record<Trouble["kind"], Way>> = {
  untrusted: {
    what: (who) => `The certificate of ${who} is not trusted by this computer.`,
    typed:
      "If your company has its own certificate authority, ask your administrator to add it to this computer's certificates, then start Bulkhead again.",
  },
  "self-signed": {
    what: (who) => `The certificate of ${who} is vouched for by nobody but itself, so this computer does not trust it.`,
    typed:
      "Ask whoever runs it for a certificate that is, or add this one to this computer's certificates and start Bulkhead again.",
  },
  expired: {
    what: (who, trouble) =>
      `The certificate of ${who} has expired${day(trouble) === null ? "" : ` on ${day(trouble)}`}.`,
    typed: "Tell whoever runs it to renew it. If that day is still to come, set this computer's clock.",
  },
  early: {
    what: (who, trouble) =>
      `The certificate of ${who} is not valid yet${day(trouble) === null ? "" : `, only from ${day(trouble)}`}.`,
    typed: "Perhaps this computer's clock is wrong: set it, then try again.",
  },
  "wrong-name": {
    what: (who, trouble) =>
      `The certificate that ${who} shows is for another name${"name" in trouble && trouble.name !== null ? ` (${trouble.name})` : ""}.`,
    typed: "Check the address, or tell whoever runs it.",
    known: LASTS,
  },
  certificate: {
    what: (who) => `The certificate of ${who} cannot be used.`,
    typed: "Tell whoever runs it.",
  },
  "no-tls": {
    what: (who) => `What answers at ${who} does not speak https.`,
    typed: "Check whether the address begins with http://, and its port.",
    known: LASTS,
  },
  "no-http": {
    what: (who) => `What answers at ${who} does not speak HTTP.`,
    typed: "Check whether the address begins with https://, and its port.",
    known: LASTS,
  },
  "tls-cut": {
    what: (who) => `The connection to ${who} ended before it was secured.`,
    typed: "Check whether the address begins with http://, and its port; a firewall on the way may do this too.",
    known: `${LASTS} A firewall on the way may do this too.`,
  },
  "tls-terms": {
    what: (who) => `This computer and ${who} do not agree on how to secure the connection.`,
    typed: "Tell whoever runs it.",
  },
  "asks-certificate": {
    what: (who) => `The way to ${who} asks this computer for a certificate of its own, which Bulkhead cannot give.`,
    typed: "Ask whoever runs it for another way in.",
  },
  "no-name": {
    what: (who) => `The address ${who} could not be found.`,
    typed: "Check it, and whether this computer is online.",
    known: ONLINE,
  },
  nobody: {
    what: (who) => `Nobody answers at ${who}.`,
    typed: "Check the address and its port, and whether the server there is running.",
    known: LASTS,
  },
  "no-way": {
    what: (who) => `There is no way from this network to ${who}.`,
    typed: "Check whether this computer is online, and whether it must be in another network.",
  },
  silent: {
    what: (who) => `No answer came from ${who} in time.`,
    typed: "Check the address and whether this computer is online; a firewall on the way may do this too.",
    known: ONLINE,
  },
  cut: {
    what: (who) => `The connection to ${who} was closed without an answer.`,
    typed: "Try again; if it stays, check the address and its port.",
    known: LASTS,
  },
  "proxy-auth": {
    what: (who, trouble) =>
      `The proxy ${proxy(trouble)} asks for a name and a password before it lets anything out to ${who}.`,
    typed: "Ask your administrator for them, and put them into the proxy's address.",
  },
  "proxy-refused": {
    what: (who, trouble) => `The proxy ${proxy(trouble)} does not let Bulkhead out to ${who}.`,
    typed: "Ask your administrator to allow it.",
  },
  "proxy-away": {
    what: (_, trouble) => `The proxy ${proxy(trouble)}, through which this computer goes out, cannot be reached.`,
    typed: "Check this computer's network and its proxy setting.",
  },
  "proxy-kind": {
    what: (_, trouble) => `The proxy ${proxy(trouble)} is of a kind that Bulkhead does not know.`,
    typed: "Ask your administrator for an HTTP proxy.",
  },
};

/** What happened and what to do. `who` is the host or address as it is shown; `typed`: the person wrote it. */
export const troubleWords = (trouble: Trouble, who: string, typed: boolean): string => {
  const way = WAYS[trouble.kind];
  return `${way.what(who, trouble)} ${typed ? way.typed : (way.known ?? way.typed)}`;
};
