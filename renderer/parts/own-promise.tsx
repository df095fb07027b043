/** What a person who was promised a role waits for, and from whom; after a refusal, what was said. */
import { Hourglass } from "lucide-react";
import { visibleName } from "#bridge/plain-text.ts";
import type { ArrivalView } from "#bridge/member.ts";
import { outcomeWords } from "../state/arrivals.ts";
import { useTopic } from "../state/host.ts";
import { ownPromiseWords as words } from "../text/arrivals.ts";
import { Note } from "./basic.tsx";

export const useOwnPromise = (wid: string): ArrivalView | null =>
  useTopic("arrivals", wid)?.find(({ me }) => me) ?? null;

export const OwnPromise = ({ wid }: { readonly wid: string }) => {
  const own = useOwnPromise(wid);
  if (own === null || (own.outcome !== null && own.outcome.given !== null)) return null;
  return (
    <div role="status" className="own-promise">
      <Note tone="waiting" icon={<Hourglass className="icon small" aria-hidden />}>
        <p className="strong">
          {own.outcome === null ? words.waits(visibleName(own.roleName), own.who.map(visibleName)) : outcomeWords(own)}
        </p>
        <p>{own.outcome === null ? words.waitsWhy : words.refusedWhy}</p>
      </Note>
    </div>
  );
};
