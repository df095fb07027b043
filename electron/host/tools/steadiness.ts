/** Which tools change what they say of themselves too often to be relied on (TD3), and what they said before. */
import type { DefinitionStore } from "../store/definitions.ts";
import type { Clock } from "#client/ports/clock.ts";
import type { ToolDef } from "../seams.ts";

const DAY_MS = 86_400_000;
/** So many definitions of one tool within a day. */
const UNSTEADY_FROM = 3;

export interface Steadiness {
  /** Keeps what these tools say. Cheap where nothing changed. */
  saw(wid: string, server: string, tools: readonly ToolDef[]): void;
  isUnsteady(wid: string, server: string, tool: string): boolean;
}

export const createSteadiness = (store: DefinitionStore, clock: Pick<Clock, "now">): Steadiness => {
  const last = new Map<string, string>();
  const counts = new Map<string, ReadonlyMap<string, number>>();
  const read = (wid: string, server: string): ReadonlyMap<string, number> => {
    const counted = store.newSince(wid, server, clock.now() - DAY_MS);
    counts.set(`${wid}/${server}`, counted);
    return counted;
  };
  return {
    saw: (wid, server, tools) => {
      const key = `${wid}/${server}`;
      const now = tools.map(({ name, schema }) => `${name} ${schema}`).join("\n");
      if (tools.length === 0 || last.get(key) === now) return;
      store.saw(
        wid,
        server,
        tools.map(({ name, schema, definition }) => ({ tool: name, schema, text: definition })),
        clock.now(),
      );
      last.set(key, now);
      read(wid, server);
    },
    isUnsteady: (wid, server, tool) =>
      ((counts.get(`${wid}/${server}`) ?? read(wid, server)).get(tool) ?? 0) >= UNSTEADY_FROM,
  };
};
