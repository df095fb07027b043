/** What follows from each thing that the server says on its channels. */
import { toBase64UrlEncoded } from "lib0/buffer";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import type { Denied } from "../copy/denied.ts";
import type { Replica } from "../copy/replica.ts";
import type { ChannelsHear } from "./channels.ts";
import type { GiveBack } from "./give-back.ts";
import type { Link } from "./link.ts";
import type { Outbox } from "./outbox.ts";
import type { Retry } from "./retry.ts";
import type { TurnedAway } from "./turned-away.ts";

export interface HearingDeps {
  readonly replica: Pick<Replica, "take" | "suspect" | "head" | "claims">;
  readonly denied: Pick<Denied, "refused">;
  readonly docs: {
    /** The server showed that it has so many entries of a document now. */
    shown(doc: DocName, length: number): void;
    lost(doc: DocName): void;
  };
  readonly link: Pick<Link, "welcomed" | "head" | "down">;
  readonly giveBack: Pick<GiveBack, "saw">;
  readonly outbox: Pick<Outbox, "flush">;
  readonly retry: Pick<Retry, "failed">;
  readonly turnedAway: Pick<TurnedAway, "with">;
  /** Where this person's own requests go. */
  readonly ownWay: () => DocName;
  /** What is shown may read differently. */
  readonly retell: () => void;
}

export const createHearing = (deps: HearingDeps): ChannelsHear => {
  const { replica, denied, docs, link, giveBack, retry, turnedAway, retell } = deps;
  return {
    entries: replica.take,
    rewritten: (doc, code, update) => replica.suspect(doc, code, toBase64UrlEncoded(update)),
    welcome: (doc, length, unchanged) => {
      replica.claims.welcomed(doc, length);
      if (unchanged) docs.shown(doc, length);
      if (doc === LOG) link.welcomed();
      if (doc === deps.ownWay()) deps.outbox.flush();
    },
    head: (doc, jws) => {
      const seen = replica.head(doc, jws);
      if (seen === null) return;
      docs.shown(doc, seen.s);
      giveBack.saw(doc, seen, jws);
      if (doc === LOG) link.head(seen);
    },
    told: retell,
    closed: (doc) => {
      docs.lost(doc);
      replica.claims.down(doc);
    },
    down: (...how) => {
      link.down(...how);
      retell();
    },
    refused: (doc, code) => {
      if (doc === LOG) return turnedAway.with(code);
      denied.refused(doc, code);
      retry.failed();
    },
    turnedAway: (code) => {
      turnedAway.with(code);
      retell();
    },
  };
};
