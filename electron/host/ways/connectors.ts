/** `dial` in the shapes that `ws` and Node's `fetch` ask for. */
import type { AgentOptions } from "node:https";
import type { createConnection, Socket } from "node:net";
import { dial } from "./dial.ts";

type Told = (error: Error | null, socket?: Socket) => void;

const tell = (dialling: Promise<Socket>, told: Told): void => {
  dialling.then(
    (socket) => told(null, socket),
    (error: unknown) => told(error instanceof Error ? error : new Error("no connection")),
  );
};

/** For the options of a `ws` socket. */
export const socketWay = (url: string | URL): { createConnection: typeof createConnection } => {
  const secure = new URL(url).protocol === "wss:";
  const connect = ({ host, port }: AgentOptions, told: Told): void =>
    tell(dial({ hostname: host ?? "", port: Number(port), secure }), told);
  // Node also takes one that answers later; its types know only the one that answers at once.
  return { createConnection: connect as unknown as typeof createConnection };
};

interface FetchTarget {
  readonly hostname: string;
  readonly port: string;
  readonly protocol: string;
}
type Dispatcher = new (options: { connect: (target: FetchTarget, told: Told) => void }) => unknown;

/** Under these names Node keeps what carries the requests of `fetch`. */
const CARRIERS = ["undici.globalDispatcher.1", "undici.globalDispatcher.2"].map((name) => Symbol.for(name));

/** From now on every `fetch` of this process dials as everything else. Answers false where this runtime cannot. */
export const fetchOverDial = (): boolean => {
  // The first use of `fetch` makes the carrier.
  void new Request("http://localhost/");
  const own = globalThis as unknown as Record<symbol, object | undefined>;
  const made = CARRIERS.map((name) => own[name]).find((carrier) => carrier !== undefined);
  if (made === undefined) return false;
  const carrier = new (made.constructor as Dispatcher)({
    connect: ({ hostname, port, protocol }, told) => {
      const secure = protocol === "https:";
      tell(dial({ hostname, port: Number(port) || (secure ? 443 : 80), secure }), told);
    },
  });
  for (const name of CARRIERS) if (own[name] !== undefined) own[name] = carrier as object;
  return true;
};
