/** What is said of cards: codes and their arguments. */
import type { Person } from "#core/facts/why.ts";
import type { Told } from "../told.ts";

export interface CardsArgs {
  "you-not-active": readonly [];
  "vote.waits": readonly [];
  "vote.refused": readonly [because: Told];
  "voted-for-you": readonly [by: Person];
  "voted-for-all": readonly [];
  answered: readonly [];
  "confirm.own": readonly [];
}
