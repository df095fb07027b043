/** What is said of cards: codes and their arguments. */
import type { LineName } from "#core/facts/client-args.ts";
import type { Person } from "#core/facts/why.ts";
import type { Told } from "../told.ts";

export interface CardsArgs {
  "args-mismatch": readonly [requester: Person];
  "args-unopened": readonly [];
  /** `requester`: who may ask anew, or null where it is oneself. */
  "copies-used-up": readonly [copies: number, requester: Person | null];
  "own-call-gone": readonly [];
  "own-call-thread-gone": readonly [];
  /** Titles and second lines of notifications. Never arguments. */
  "notice.asks": readonly [requester: LineName, tool: string, practice: boolean];
  "notice.practice": readonly [];
  "notice.where": readonly [server: string, inPlaceOf: readonly string[]];
  "notice.own": readonly [tool: string | null];
  "notice.own-where": readonly [server: string | null];
  "notice.more": readonly [];
  "notice.more-where": readonly [workspace: string];
  "notice.no-effect": readonly [];
  "notice.no-effect-why": readonly [because: Told, workspace: string];
  "notice.arrival": readonly [who: LineName, role: string];
  /** `invite`: whose it was; null where nobody knows. */
  "notice.arrived": readonly [back: boolean, invite: LineName | "mine" | null, workspace: string];
  "notice.role-refused": readonly [by: LineName, role: string];
  "notice.role-given": readonly [by: LineName, role: string];
  "notice.stay-guest": readonly [workspace: string];
  "notice.holds": readonly [workspace: string];
  "notice.goes-on": readonly [];
  "notice.goes-on-why": readonly [workspace: string];
  "notice.came-back": readonly [name: string];
  "notice.let-in-by": readonly [by: string, workspace: string];
  "you-not-active": readonly [];
  "vote.waits": readonly [];
  "vote.refused": readonly [because: Told];
  "voted-for-you": readonly [by: Person];
  "voted-for-all": readonly [];
  answered: readonly [];
  "confirm.own": readonly [];
}
