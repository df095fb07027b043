/**
 * Facts of the app's own, beside those that the log tells (`#core/facts/why.ts`): what the host says of a computer, a card
 * or a queue. The same rules hold: a code never changes its meaning, an id stands with the name that it had.
 */
import type { Person } from "#core/facts/why.ts";
import type { Told } from "./told.ts";

/** Why something can, or cannot, be done on this computer. */
interface VerdictArgs {
  "device.revoked": readonly [];
  "device.other-key": readonly [];
  "device.own-key": readonly [];
  "device.not-here": readonly [];
  "device.adds": readonly [];
  "let-back.gone": readonly [];
  "let-back.self": readonly [];
  "member.gone": readonly [];
  "role.built-in": readonly [];
  "queue.last": readonly [];
  "queue.asked": readonly [rules: number];
  "audit.behind": readonly [have: number, of: number];
  "you-not-active": readonly [];
  "vote.waits": readonly [];
  "vote.refused": readonly [because: Told];
  "voted-for-you": readonly [by: Person];
  "voted-for-all": readonly [];
  answered: readonly [];
  "confirm.own": readonly [];
  "tool.suggested": readonly [];
}

/** Every code, and what it takes. A code without words does not compile in `renderer/text`. */
export interface HostArgs extends VerdictArgs {}
