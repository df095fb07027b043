import { eve } from "./client.ts";
import { why } from "#core/facts/why.ts";
import type { CardsArgs } from "#bridge/facts/cards.ts";
import type { SamplesOf } from "./samples-of.ts";

export const cardsSamples: SamplesOf<CardsArgs> = {
  "args-mismatch": [["idben", "NBen"] as never],
  "copies-used-up": [4321, ["idben", "NBen"] as never],
  "notice.asks": [eve, "Nwrite", true],
  "notice.where": ["Nfiles", ["NAda", "NBen"]],
  "notice.own": ["Nwrite"],
  "notice.own-where": ["Nfiles"],
  "notice.more-where": ["NHarbour"],
  "notice.no-effect-why": [why("not-active"), "NHarbour"],
  "notice.arrival": [eve, "NApprover"],
  "notice.arrived": [true, eve, "NHarbour"],
  "notice.role-refused": [eve, "NApprover"],
  "notice.role-given": [eve, "NApprover"],
  "notice.stay-guest": ["NHarbour"],
  "notice.holds": ["NHarbour"],
  "notice.goes-on-why": ["NHarbour"],
  "notice.came-back": ["NBen"],
  "notice.let-in-by": ["NBen", "NHarbour"],
  "vote.refused": [why("queue-names", ["idq", "NDeploys"] as never, ["idcrew", "NCrew"] as never)],
  "voted-for-you": [["idben", "NBen"] as never],
};
