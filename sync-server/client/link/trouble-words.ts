/** The words for why a connection to another computer failed. */
import type { Trouble } from "../ports/sockets.ts";

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
