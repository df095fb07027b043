/** SQL of the requests that this person was told of. */
import type { Store } from "./open.ts";

export interface AnnouncedStore {
  /** Ids of all that are kept. */
  of(wid: string): string[];
  /** `until` is when nobody can decide it any more: what was over before `now`, and cannot come back, is forgotten. */
  add(wid: string, told: readonly { readonly request: string; readonly until: number }[], now: number): void;
}

/** Clocks of server and computer may differ, and a request that is open again would be told again. */
const KEPT_AFTER_MS = 24 * 3_600_000;

export const createAnnouncedStore = ({ db, write }: Store): AnnouncedStore => {
  const of = db.prepare<[string], { request: string }>("SELECT request FROM announced WHERE wid = ?");
  const add = db.prepare("INSERT OR IGNORE INTO announced (wid, request, until) VALUES (?, ?, ?)");
  const forget = db.prepare("DELETE FROM announced WHERE wid = ? AND until < ?");
  return {
    of: (wid) => of.all(wid).map(({ request }) => request),
    add: (wid, told, now) =>
      write(() => {
        forget.run(wid, Math.round(now - KEPT_AFTER_MS));
        for (const { request, until } of told) add.run(wid, request, until);
      }),
  };
};
