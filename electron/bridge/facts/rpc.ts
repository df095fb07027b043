/** What is said to a window about its requests: codes and their arguments. */
import type { WindowKind } from "../shell-port.ts";

export interface RpcArgs {
  /** From which window it was tried. */
  "wrong-window": readonly [from: WindowKind];
  /** What was asked is none of ours; `place` is a parameter of ours. */
  "bad-request": readonly [what: "method" | "topic" | "list" | "frame" | "value", place: string];
  "too-long": readonly [place: string, most: number];
  "rpc-internal": readonly [];
  "too-many-calls": readonly [];
  "too-many-watches": readonly [];
  "not-here": readonly [];
  "shell-gone": readonly [];
  /** What is typed as a name. */
  "name-empty": readonly [];
  "name-too-long": readonly [most: number];
  "name-hides": readonly [];
  "name-edge": readonly [];
}
