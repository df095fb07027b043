/** Who waits to be let in, and the one notice when that was answered, to whoever saw it and to the person. */
import { useEffect, useRef } from "react";
import { visibleName } from "#bridge/plain-text.ts";
import type { ArrivalView } from "#bridge/member.ts";
import { arrivalWords as words, ownPromiseWords as own } from "../text/arrivals.ts";
import { useTopic } from "./host.ts";
import { told } from "./toasts.ts";

/** Those that this person may answer now, whoever came first. */
export const toLetIn = (arrivals: readonly ArrivalView[]): ArrivalView[] =>
  arrivals.filter(({ outcome, can }) => outcome === null && can.allowed).toSorted((a, b) => a.at - b.at);

/** What became of it, in one line; null while it waits. */
export const outcomeWords = ({ outcome, me, name, roleName }: ArrivalView): string | null => {
  if (outcome === null) return null;
  const [by, who, role] = [visibleName(outcome.by), visibleName(name), visibleName(outcome.given ?? roleName)];
  if (me) return outcome.given === null ? own.refused(by, role) : own.gave(by, role);
  if (outcome.byMe) return outcome.given === null ? words.youRefused(who, role) : words.youGave(who, role);
  return outcome.given === null ? words.refused(by, who, role) : words.gave(by, who, role);
};

export const useArrivalNotices = (wid: string): void => {
  const arrivals = useTopic("arrivals", wid);
  /** Who waited when this window looked last, and was shown to this person. */
  const waited = useRef<{ readonly wid: string; readonly members: ReadonlySet<string> } | null>(null);
  useEffect(() => {
    if (arrivals === undefined) return;
    const before = waited.current?.wid === wid ? waited.current.members : new Set<string>();
    waited.current = {
      wid,
      members: new Set(
        arrivals.filter(({ outcome, can, me }) => outcome === null && (can.allowed || me)).map(({ member }) => member),
      ),
    };
    for (const arrival of arrivals) {
      const said = before.has(arrival.member) ? outcomeWords(arrival) : null;
      if (said !== null) told(said);
    }
  }, [arrivals, wid]);
};
