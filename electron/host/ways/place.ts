/**
 * Where the text of a thread goes, as far as this computer can know. An address on loopback says only that a program on
 * this computer is asked: Ollama's cloud models, LM Studio's links and every gateway answer there and pass the text on.
 */
import type { Place } from "#bridge/model.ts";
import type { ModelRow } from "../store/models.ts";

/** What Ollama says of one of its models. `to`: who runs it, null where it is this computer. */
export interface Listed {
  readonly name: string;
  readonly to: string | null;
}

/**
 * Whether a connection to this address ends on this computer whatever a name server says. Names other than `localhost`
 * are never taken for it, also where they resolve to loopback today: the next answer may be another one.
 */
export const isLoopback = (url: string): boolean => {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  if (hostname === "localhost" || hostname === "[::1]") return true;
  // Connecting to the unspecified address reaches this computer, or nothing.
  if (hostname === "0.0.0.0" || hostname === "[::]") return true;
  // The parser has already written 127.1, 0x7f000001 and ::ffff:127.0.0.1 in one way.
  return /^127(?:\.\d{1,3}){3}$/.test(hostname) || /^\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\]$/.test(hostname);
};

/** Names are shown as the parser writes them, so that nobody takes a punycode host for another. */
export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : "the endpoint");

/** `listed`: what the program there said of this model when it was last asked, null where it was not, or does not say. */
export const placeOf = (row: Pick<ModelRow, "runsHere">, url: string, listed: Listed | null): Place => {
  const host = hostOf(url);
  if (!isLoopback(url)) return { kind: "host", host };
  if (listed !== null && listed.to !== null) return { kind: "through", to: listed.to, host };
  if (row.runsHere) return { kind: "here", by: "person", host };
  return listed === null ? { kind: "program", host } : { kind: "here", by: "ollama", host };
};

/** One text for a place, kept with a thread when its person sends: what they were told. */
export const placeKey = (place: Place): string => {
  if (place.kind === "host") return `host ${place.host}`;
  return place.kind === "through" ? `through ${place.to}` : place.kind;
};

/**
 * Whether text may go to `place` after its person was told `told`. Nearer is always well; "a program on this computer"
 * was said to be free to pass it on. A thread of which nothing is known was told nothing, so nothing may go.
 */
export const mayGo = (told: string, place: Place): boolean =>
  told === placeKey(place) ||
  (told !== "" && place.kind === "here") ||
  (told === "program" && place.kind === "through");

/** In words that follow "its text would now go to". */
export const placeWords = (place: Place): string => {
  switch (place.kind) {
    case "here":
      return "this computer";
    case "program":
      return `a program on this computer (${place.host}), which may pass it on`;
    case "through":
      return `${place.to}, through a program on this computer (${place.host})`;
    case "host":
      return place.host;
  }
};
