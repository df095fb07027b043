import { z } from "zod";
import { Settings } from "#bridge/app.ts";
import type { Store } from "./open.ts";

export interface SettingsStore {
  person(): { name: string } | null;
  setPerson(name: string): void;
  get(): Settings;
  set(change: Partial<Settings>): void;
  /** Workspaces that have yet to be told the own name. */
  untold(): readonly string[];
  setUntold(wids: readonly string[]): void;
}

const UNTOLD = "untold-name";
const defaults: Settings = {
  theme: "system",
  notifications: true,
  enclose: "nothing",
  takeBackSeconds: 0,
};

export const createSettingsStore = (store: Store): SettingsStore => {
  const { db, unreadable } = store;
  const valueOf = ({ name, value }: { name: string; value: string }): unknown =>
    unreadable.one("settings", name, () => JSON.parse(value) as unknown, undefined);
  const person = db.prepare<[], { name: string }>("SELECT name FROM person");
  const setPerson = db.prepare<[string]>(
    "INSERT INTO person (one, name) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET name = excluded.name",
  );
  const all = db.prepare<[], { name: string; value: string }>("SELECT name, value FROM settings");
  const set = db.prepare<[string, string]>(
    "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  );
  const one = db.prepare<[string], { value: string }>("SELECT value FROM settings WHERE name = ?");
  return {
    untold: () =>
      z
        .array(z.string())
        .catch([])
        .parse(valueOf({ name: UNTOLD, value: one.get(UNTOLD)?.value ?? "[]" })),
    setUntold: (wids) => void store.write(() => set.run(UNTOLD, JSON.stringify(wids))),
    person: () => person.get() ?? null,
    setPerson: (name) => void store.write(() => setPerson.run(name)),
    get: () => {
      let settings = defaults;
      // Each by itself: one that cannot be read, or that a newer version wrote, takes no other with it.
      for (const row of all.all()) {
        if (!Object.hasOwn(defaults, row.name)) continue;
        settings = Settings.safeParse({ ...settings, [row.name]: valueOf(row) }).data ?? settings;
      }
      return settings;
    },
    set: (change) =>
      store.write(() => {
        for (const [name, value] of Object.entries(change))
          if (value !== undefined) set.run(name, JSON.stringify(value));
      }),
  };
};
