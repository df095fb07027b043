/** What is known of where each model runs. Asked anew before each request, and in the background while somebody looks. */
import type { Place } from "#bridge/model.ts";
import type { Clock } from "#client/ports/clock.ts";
import type { ModelRow } from "../store/models.ts";
import { askTags, listedAs } from "./detect.ts";
import { endpointOf, type LocalEndpoints } from "./endpoints.ts";
import { isLoopback, placeKey, placeOf, type Listed } from "../ways/place.ts";

export interface Places {
  of(row: ModelRow): Place;
  /** Asks where it can be asked. Never rejects. */
  look(row: ModelRow): Promise<Place>;
}

/** Age at which what Ollama said is asked again, ms. */
const STALE_MS = 20_000;

export const createPlaces = ({
  local,
  clock,
  changed,
}: {
  readonly local: LocalEndpoints;
  readonly clock: Pick<Clock, "monotonic">;
  readonly changed: () => void;
}): Places => {
  const lists = new Map<string, readonly Listed[]>();
  const asked = new Map<string, number>();

  /** The Ollama behind a model, or null where nobody on this computer can be asked. */
  const ollamaOf = (row: ModelRow): string | null => {
    const url = endpointOf(row, local);
    return row.kind === "ollama" && isLoopback(url) ? url.replace(/\/v1$/, "") : null;
  };
  const known = (row: ModelRow): Place => {
    const ollama = ollamaOf(row);
    return placeOf(row, endpointOf(row, local), ollama === null ? null : listedAs(row.model, lists.get(ollama) ?? []));
  };
  const look: Places["look"] = async (row) => {
    const ollama = ollamaOf(row);
    if (ollama === null) return known(row);
    const before = placeKey(known(row));
    asked.set(ollama, clock.monotonic());
    const answer = await askTags(ollama, local.answerMs);
    // One that is busy or was stopped a moment ago is still the one that said it; another program at its address is not.
    if (answer === "other") lists.delete(ollama);
    else if (answer !== "silent") lists.set(ollama, answer);
    const place = known(row);
    if (placeKey(place) !== before) changed();
    return place;
  };
  return {
    look,
    of: (row) => {
      const ollama = ollamaOf(row);
      if (ollama !== null && clock.monotonic() - (asked.get(ollama) ?? -STALE_MS) >= STALE_MS) void look(row);
      return known(row);
    },
  };
};
