/** The own name, told to every team. A team whose server is away is told when it is reached: nothing hangs on when. */
import { LOG } from "#core/protocol/ids.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { SettingsStore } from "../store/settings.ts";
import type { Live } from "#client/live.ts";

export interface Renames {
  /** Tells every team whose log has another name: how many took it, and how many will. */
  rename(lives: readonly Live[], name: string): Promise<{ told: number; waiting: number }>;
  /** Tells a team that is still to be told, where it can be. */
  look(live: Live): void;
}

export const createRenames = (settings: Pick<SettingsStore, "person" | "untold" | "setUntold">): Renames => {
  const under = new Set<string>();
  const differs = (live: Live, name: string): boolean => live.active() && live.log.members.get(live.me)?.name !== name;

  /** Whether the server took it. A refusal is final: nobody would see it at the next try either. */
  const tell = async (live: Live, name: string): Promise<boolean> => {
    if (live.link().link !== "in-sync" || under.has(live.wid)) return false;
    under.add(live.wid);
    try {
      await live.outbox.now("member.rename", LOG, { name });
      return true;
    } catch (error) {
      if (error instanceof Refusal) return false;
      throw error;
    } finally {
      under.delete(live.wid);
    }
  };
  const keep = (wid: string, waits: boolean): void => {
    const others = settings.untold().filter((each) => each !== wid);
    settings.setUntold(waits ? [...others, wid] : others);
  };

  return {
    rename: async (lives, name) => {
      const others = lives.filter((live) => differs(live, name));
      for (const live of others) keep(live.wid, true);
      const took = await Promise.all(others.map((live) => tell(live, name)));
      for (const [i, live] of others.entries()) if (took[i] === true) keep(live.wid, false);
      const told = took.filter((each) => each).length;
      return { told, waiting: others.length - told };
    },
    look: (live) => {
      const name = settings.person()?.name;
      if (name === undefined || !settings.untold().includes(live.wid)) return;
      if (!differs(live, name)) return keep(live.wid, false);
      void tell(live, name).then((took) => took && keep(live.wid, false));
    },
  };
};
