/** Calls of this window that the host has not answered yet. */
import type { Method, Params } from "#bridge/contract.ts";
import type { ToHost, ToWindow } from "#bridge/frames.ts";
import { told } from "#bridge/told.ts";
import { Failure } from "./failure.ts";

export interface Calls {
  /** Resolves with what the host answered, not yet checked. Rejects with `Failure`. */
  call<M extends Method>(method: M, params: Params<M>): Promise<unknown>;
  answered(frame: Extract<ToWindow, { f: "ok" | "error" }>): void;
  /** Nobody answers any more. */
  cut(): void;
}

export const createCalls = (send: (frame: ToHost) => void): Calls => {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let last = 0;
  return {
    call: (method, params) => {
      last += 1;
      const answer = Promise.withResolvers<unknown>();
      waiting.set(last, answer);
      send({ f: "call", id: last, method, params });
      return answer.promise;
    },
    answered: (frame) => {
      const answer = waiting.get(frame.id);
      waiting.delete(frame.id);
      if (frame.f === "ok") answer?.resolve(frame.result);
      else answer?.reject(new Failure(frame.error));
    },
    cut: () => {
      for (const answer of waiting.values()) answer.reject(new Failure(told("host-away")));
      waiting.clear();
    },
  };
};
