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
  hideArguments: false,
  notifications: true,
  enclose: "nothing",
  takeBackSeconds: 0,
};

export const createSettingsStore = (store: Store): SettingsStore => {
  const { db } = store;
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
        .parse(JSON.parse(one.get(UNTOLD)?.value ?? "[]")),
    setUntold: (wids) => void store.write(() => set.run(UNTOLD, JSON.stringify(wids))),
    person: () => person.get() ?? null,
    setPerson: (name) => void store.write(() => setPerson.run(name)),
    get: () => {
      const kept: Record<string, unknown> = {};
      for (const row of all.all()) if (Object.hasOwn(defaults, row.name)) kept[row.name] = JSON.parse(row.value);
      const read = Settings.safeParse({ ...defaults, ...kept });
      return read.success ? read.data : defaults;
    },
    set: (change) =>
      store.write(() => {
        for (const [name, value] of Object.entries(change))
          if (value !== undefined) set.run(name, JSON.stringify(value));
      }),
  };
};
