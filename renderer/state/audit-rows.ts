/**
 * Rows of the audit that are seen, loaded as they are needed. A row is numbered from the oldest that matches, so that new
 * acts move none of those that are here.
 */
import { useCallback, useEffect, useRef, useState } from "react";
import type { AuditMatch, AuditRowView } from "#bridge/audit.ts";
import type { Told } from "#bridge/told.ts";
import { codeOf } from "../failure.ts";
import { request } from "./host.ts";

const PAGE = 100;

interface Loaded {
  readonly of: string;
  /** Null before the first answer. */
  readonly total: number | null;
  readonly rows: ReadonlyMap<number, AuditRowView>;
  readonly error: Told | null;
}
export interface AuditRows extends Omit<Loaded, "of"> {
  /** Loads rows `first` to `last` where they are not here. */
  need(first: number, last: number): void;
}

const nothing = (of: string): Loaded => ({ of, total: null, rows: new Map(), error: null });

/** `version` changes with every act; what follows its dot changes when the host wrote the rows again. */
export const useAuditRows = (wid: string, match: AuditMatch, version: string): AuditRows => {
  const asked = JSON.stringify([wid, match, version.split(".")[1]]);
  const [state, setState] = useState<Loaded>(nothing(asked));
  const underWay = useRef(new Set<string>());
  const newest = useRef(asked);
  newest.current = asked;

  const load = useCallback(
    async (from: number | null) => {
      const key = `${asked} ${version} ${from}`;
      if (underWay.current.has(key)) return;
      underWay.current.add(key);
      try {
        const page = await request("audit.page", { wid, match, from, limit: PAGE });
        if (newest.current !== asked) return;
        setState((before) => {
          const rows = new Map(before.of === asked ? before.rows : []);
          page.rows.forEach((row, index) => rows.set(page.from + index, row));
          return { of: asked, total: page.total, rows, error: null };
        });
      } catch (error) {
        if (newest.current === asked)
          setState((before) => ({ ...(before.of === asked ? before : nothing(asked)), error: codeOf(error) }));
      } finally {
        underWay.current.delete(key);
      }
    },
    // `asked` holds workspace and match.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [asked, version],
  );
  const shown = state.of === asked ? state : nothing(asked);
  // Of what comes while some rows are here only that is asked for.
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- once for each act, not for its answer
  useEffect(() => void load(shown.total), [load]);
  const { rows } = shown;
  const need = useCallback(
    (first: number, last: number) => {
      for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page += 1) {
        let missing = false;
        for (let n = Math.max(first, page * PAGE); n <= Math.min(last, page * PAGE + PAGE - 1); n += 1)
          missing ||= !rows.has(n);
        if (missing) void load(page * PAGE);
      }
    },
    [load, rows],
  );
  return { total: shown.total, rows, error: shown.error, need };
};
