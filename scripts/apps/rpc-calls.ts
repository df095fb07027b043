/** Calls that the host has not answered yet. */
import { factWords } from "#text/facts.ts";
import type { Method } from "#bridge/contract.ts";
import type { ToHost, ToWindow } from "#bridge/frames.ts";

/** What the host answered instead of a result. */
export class RpcRefusal extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = "RpcRefusal";
    this.code = code;
  }
}

export interface RpcCalls {
  /** `resolve` is called while the frame of the answer is read. */
  ask(method: Method, params: unknown, resolve: (value: unknown) => void, reject: (error: Error) => void): void;
  call(method: Method, params: unknown): Promise<unknown>;
  /** An answer to what nobody asked, or asked no more, is passed over. */
  answered(frame: Extract<ToWindow, { f: "ok" | "error" }>): void;
  /** The host went away: it answers none of them any more. */
  drop(): void;
}

export const createCalls = (send: (frame: Extract<ToHost, { f: "call" }>) => void): RpcCalls => {
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let nextId = 1;
  const take = (id: number) => {
    const found = pending.get(id);
    pending.delete(id);
    return found;
  };
  const ask: RpcCalls["ask"] = (method, params, resolve, reject) => {
    const id = nextId++;
    pending.set(id, { resolve, reject });
    send({ f: "call", id, method, params });
  };
  return {
    ask,
    call: (method, params) => new Promise((resolve, reject) => ask(method, params, resolve, reject)),
    answered: (frame) => {
      if (frame.f === "ok") take(frame.id)?.resolve(frame.result);
      else take(frame.id)?.reject(new RpcRefusal(frame.error.code, factWords(frame.error)));
    },
    drop: () => {
      for (const one of pending.values())
        one.reject(new RpcRefusal("host-away", "The agent host went away before it answered."));
      pending.clear();
    },
  };
};
