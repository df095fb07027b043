import type { ModelView } from "#bridge/model.ts";
import type { Store } from "./open.ts";

export interface ModelRow {
  readonly id: string;
  readonly kind: ModelView["kind"];
  readonly name: string;
  readonly model: string;
  readonly baseUrl: string | null;
  /** As the shell wrapped it; never the key itself. */
  readonly sealedKey: string | null;
  /** Tokens that a request may hold. */
  readonly budget: number;
  readonly isDefault: boolean;
  /** The person said that it runs on this computer. */
  readonly runsHere: boolean;
}

export interface ModelStore {
  /** The first one becomes the default. */
  add(model: Omit<ModelRow, "isDefault" | "runsHere">, at: number): void;
  list(): ModelRow[];
  get(id: string): ModelRow | null;
  default(): ModelRow | null;
  /** False where there is no such model. */
  setDefault(id: string): boolean;
  /** Where it was the default there is none afterwards: new threads must not move to another provider by themselves. */
  remove(id: string): boolean;
  setRunsHere(id: string, runsHere: boolean): boolean;
}

interface Raw {
  id: string;
  kind: ModelRow["kind"];
  name: string;
  model: string;
  base_url: string | null;
  sealed_key: string | null;
  budget: number;
  is_default: number;
  runs_here: number;
}
const rowOf = (raw: Raw): ModelRow => ({
  id: raw.id,
  kind: raw.kind,
  name: raw.name,
  model: raw.model,
  baseUrl: raw.base_url,
  sealedKey: raw.sealed_key,
  budget: raw.budget,
  isDefault: raw.is_default === 1,
  runsHere: raw.runs_here === 1,
});

export const createModelStore = (store: Store): ModelStore => {
  const { db } = store;
  const add = db.prepare(
    "INSERT INTO models (id, kind, name, model, base_url, sealed_key, budget, is_default, created_at) VALUES (@id, @kind, @name, @model, @baseUrl, @sealedKey, @budget, NOT EXISTS (SELECT 1 FROM models), @at)",
  );
  const list = db.prepare<[], Raw>("SELECT * FROM models ORDER BY created_at, rowid");
  const get = db.prepare<[string], Raw>("SELECT * FROM models WHERE id = ?");
  const byDefault = db.prepare<[], Raw>("SELECT * FROM models WHERE is_default = 1");
  const clear = db.prepare("UPDATE models SET is_default = 0 WHERE is_default = 1");
  const choose = db.prepare<[string]>("UPDATE models SET is_default = 1 WHERE id = ?");
  const remove = db.prepare<[string]>("DELETE FROM models WHERE id = ?");
  const setRunsHere = db.prepare<[number, string]>("UPDATE models SET runs_here = ? WHERE id = ?");
  const found = (raw: Raw | undefined): ModelRow | null => (raw === undefined ? null : rowOf(raw));
  return {
    add: (model, at) => void store.write(() => add.run({ ...model, at })),
    list: () => list.all().map(rowOf),
    get: (id) => found(get.get(id)),
    default: () => found(byDefault.get()),
    setDefault: (id) =>
      store.write(() => {
        if (get.get(id) === undefined) return false;
        clear.run();
        choose.run(id);
        return true;
      }),
    remove: (id) => store.erase("rows", () => remove.run(id).changes === 1),
    setRunsHere: (id, runsHere) => store.write(() => setRunsHere.run(runsHere ? 1 : 0, id).changes === 1),
  };
};
