/** All that is looked at on fixed values. */
import { walkCalm } from "./scene-calm.ts";
import { walkLast, walkPlaces } from "./scene-last.ts";
import { walkAudit, walkCards, walkSmall } from "./scene-more.ts";
import { walkArrivals, walkRest } from "./scene-pages.ts";
import type { Stage } from "./scenes.ts";
import { walkAway, walkInvites, walkPairing, walkReach } from "./scene-ways.ts";
import { walkFacts, walkPopups, walkStatus, walkThread } from "./scene-walks.ts";

export const WALKS: readonly ((stage: Stage) => Promise<void>)[] = [
  walkFacts,
  walkPopups,
  walkCards,
  walkStatus,
  walkThread,
  walkArrivals,
  walkRest,
  walkAudit,
  walkReach,
  walkPairing,
  walkInvites,
  walkAway,
  walkSmall,
  walkLast,
  walkPlaces,
  walkCalm,
];
