/** All that is looked at on fixed values, the longest first: some are walked side by side. */
import { walkCalm } from "./scene-calm.ts";
import { walkLast, walkPlaces } from "./scene-last.ts";
import { walkAudit, walkCards, walkSmall } from "./scene-more.ts";
import { walkArrivals, walkRest } from "./scene-pages.ts";
import { walkEdits, walkEndings, walkPeople, walkUnnamed } from "./scene-people.ts";
import { walkNewServer, walkQueues, walkRules, walkServers } from "./scene-tools.ts";
import { walkOthers, walkStart, walkWaits } from "./scene-waits.ts";
import type { Stage } from "./scenes.ts";
import { walkAway, walkInvites, walkPairing, walkReach } from "./scene-ways.ts";
import { walkFacts, walkPopups, walkStatus, walkThread } from "./scene-walks.ts";

export const WALKS: readonly ((stage: Stage) => Promise<void>)[] = [
  walkCards,
  walkThread,
  walkFacts,
  walkPopups,
  walkStatus,
  walkPairing,
  walkRest,
  walkAudit,
  walkReach,
  walkInvites,
  walkServers,
  walkRules,
  walkNewServer,
  walkEndings,
  walkWaits,
  walkPeople,
  walkLast,
  walkSmall,
  walkUnnamed,
  walkEdits,
  walkArrivals,
  walkQueues,
  walkAway,
  walkStart,
  walkPlaces,
  walkCalm,
  walkOthers,
];
