/**
 * What the server refuses, and when it is asked again. Its word alone ends nothing. Where it closed what it had let in, and
 * where a rotation may have put another key in force, asking again at once brings the reason.
 */
import { CLOSE } from "#core/protocol/wire.ts";
import type { Retry } from "./retry.ts";

/** Closes that are about the key that answered. */
const OF_KEYS: ReadonlySet<number> = new Set([CLOSE.unknownDevice, CLOSE.deviceClosed, CLOSE.memberRemoved]);
/** A server that was set back may not know this device, or the workspace, any more. */
const SET_BACK: ReadonlySet<number> = new Set([CLOSE.unknownDevice, CLOSE.notFound]);

export interface TurnedAwayDeps {
  readonly retry: Pick<Retry, "failed" | "due">;
  readonly link: { in(): boolean; refuse(code: number): void };
  readonly identity: { unsettled(): boolean; turnedAway(): void };
  /** Opens and closes channels as what is refused now asks for. */
  readonly reconcile: () => void;
  /** Gives back to a server what it lost; answers whether it took something. */
  readonly offer: () => Promise<boolean>;
  readonly restart: () => void;
  readonly isClosed: () => boolean;
  /** Asks again for all that was refused. */
  readonly again: () => void;
}
export interface TurnedAway {
  /** The server closed with this code. */
  with(code: number): void;
  /** Asks again where it is time. */
  look(): void;
}

export const createTurnedAway = (deps: TurnedAwayDeps): TurnedAway => {
  const { retry, link, identity } = deps;
  let last: number | null = null;
  const look = (): void => {
    if (!retry.due()) return;
    if (last !== null && OF_KEYS.has(last)) identity.turnedAway();
    last = null;
    deps.again();
  };
  return {
    with: (code) => {
      const wasIn = link.in();
      last = code;
      link.refuse(code);
      retry.failed(OF_KEYS.has(code) && (wasIn || identity.unsettled()));
      deps.reconcile();
      if (SET_BACK.has(code)) void deps.offer().then((took) => took && !deps.isClosed() && deps.restart());
      look();
    },
    look,
  };
};
