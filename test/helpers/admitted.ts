/** Handlers behind the table of methods, as a window of that kind reaches them, where a test has no RPC server. */
import type { WindowKind } from "#bridge/shell-port.ts";
import { admit } from "../../electron/host/rpc/admit.ts";
import type { Rights } from "../../electron/host/rpc/admit.ts";

export interface Caller {
  readonly window: WindowKind;
}
type Fn = (params: never) => unknown;
export type Behind<H> = {
  readonly [M in keyof H]: H[M] extends (params: infer P) => infer R ? (params: P, from: Caller) => R : never;
};

/** What the table refuses is thrown at once, or rejects, as whoever awaits it wants it. */
export const admitted = <H extends { readonly [M in keyof H]: Fn }>(
  handlers: H,
  rights: Rights,
  refusals: "throw" | "reject",
): Behind<H> =>
  Object.fromEntries(
    Object.entries<Fn>(handlers).map(([method, handler]) => {
      const passed = (params: unknown, { window }: Caller): unknown => {
        admit(rights, window, method, params);
        return handler(params as never);
      };
      const later = (params: unknown, { window }: Caller): unknown => {
        try {
          admit(rights, window, method, params);
        } catch (error) {
          return Promise.reject(error as Error);
        }
        return handler(params as never);
      };
      return [method, refusals === "throw" ? passed : later];
    }),
  ) as Behind<H>;
