/** The models a person has set, their keys (wrapped by the shell), and the steps that run on them. */
import { refused, toldOf } from "#bridge/refused.ts";
import type { Told } from "#bridge/told.ts";
import type { ModelView, ModelsView, modelMethods } from "#bridge/model.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { type Clock } from "#client/ports/clock.ts";
import { type HandlersOf, type Publisher, type Shell } from "../seams.ts";
import type { Log } from "../log.ts";
import type { ModelRow, ModelStore } from "../store/models.ts";
import { detectModels } from "./detect.ts";
import { checkBaseUrl, endpointOf, needsKey, type LocalEndpoints } from "./endpoints.ts";
import type { ModelChoice, Models } from "./model.ts";
import { hostOf, isLoopback } from "../ways/place.ts";
import { createPlaces } from "./places.ts";
import { UNSEEN, problemOf } from "./problems.ts";
import type { Again } from "./step.ts";
import { FETCH_LIMITS, type FetchLimits } from "./watched-fetch.ts";
import { TRY } from "./try-words.ts";

export interface ModelsParts {
  readonly rows: ModelStore;
  readonly shell: Shell;
  readonly clock: Clock;
  readonly log: Log;
  readonly publish: Publisher;
  readonly newId: () => string;
  readonly local: LocalEndpoints;
  readonly limits?: FetchLimits;
  readonly again?: Again;
}
export interface ModelsRoom extends Models {
  readonly handlers: HandlersOf<typeof modelMethods>;
  view(): ModelsView;
  /** Name of the default model, for the status line. */
  defaultName(): string | null;
  /** Looks for model servers on this computer once more. */
  detect(): Promise<void>;
}

const BUDGET = 100_000;
const AGAIN: Again = { times: 3, first: 1_000, most: 15_000, by: 4 };
const TEST_MS = 30_000;

export const createModels = ({
  rows,
  shell,
  clock,
  log,
  publish,
  newId,
  local,
  limits = FETCH_LIMITS,
  again = AGAIN,
}: ModelsParts): ModelsRoom => {
  let detected: ModelsView["detected"] = [];
  // Unwrapped keys live here alone; asking the keychain for each step would let it prompt in the middle of a run.
  const keys = new Map<string, string>();

  const found = (id: string): ModelRow => {
    const row = rows.get(id);
    if (row === null) throw refused("no-such-model");
    return row;
  };
  const keyOf = async (row: ModelRow): Promise<string | null> => {
    if (row.sealedKey === null) return null;
    const known = keys.get(row.id);
    if (known !== undefined) return known;
    const key = await shell.request("secret.unwrap", { sealed: row.sealedKey });
    if (typeof key !== "string") throw refused("model-key-unreadable", row.name);
    keys.set(row.id, key);
    return key;
  };

  const step: Models["step"] = async (id, request, hooks) => {
    const row = found(id);
    const baseUrl = endpointOf(row, local);
    const key = await keyOf(row);
    // The providers take a while to load; a start without a model should not wait for them.
    const [{ runStep }, { providerOf }] = await Promise.all([import("./step.ts"), import("./providers.ts")]);
    return runStep(
      {
        at: { name: row.name, host: hostOf(baseUrl), key },
        provider: (fetch) => providerOf(row, baseUrl, key, fetch),
        limits,
        again,
      },
      request,
      hooks,
    );
  };

  const choose = (choice: string): ModelChoice | null => {
    if (choice === "none") return null;
    const row = choice === "default" ? rows.default() : rows.get(choice);
    return row === null ? null : { id: row.id, name: row.name, place: places.of(row), budget: row.budget };
  };

  const test = async (id: string): Promise<{ ok: boolean; problem: Told | null }> => {
    const row = found(id);
    try {
      await step(id, TRY, { signal: AbortSignal.timeout(TEST_MS), onText: () => undefined, onWait: () => undefined });
      return { ok: true, problem: null };
    } catch (error) {
      const timeout = error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError");
      if (!timeout && !(error instanceof Refusal)) log.fault("model.test", error);
      return {
        ok: false,
        problem: toldOf(
          problemOf(
            error,
            { ...UNSEEN, silenceMs: TEST_MS, why: timeout ? "slow" : null },
            { name: row.name, host: hostOf(endpointOf(row, local)), key: null },
          ).refusal,
        ),
      };
    }
  };

  const detect = async (): Promise<void> => {
    detected = await detectModels(local);
    publish.publish("models");
  };
  /** The default model shows in the status line and in threads that follow it; both are rebuilt where they are watched. */
  const changed = (): void => {
    publish.publish("models");
    publish.publish("status");
    publish.publish("thread");
  };
  const places = createPlaces({ local, clock, changed });

  const handlers: ModelsRoom["handlers"] = {
    "model.add": async ({ kind, name, model, baseUrl, key }) => {
      const base = baseUrl?.trim() ?? "";
      const given = base === "" ? null : base;
      checkBaseUrl(kind, given);
      const secret = key === null || key.trim() === "" ? null : key.trim();
      if (secret === null && needsKey(kind)) throw refused("model-key-missing");
      const sealed = secret === null ? null : await shell.request("secret.wrap", { text: secret });
      if (sealed !== null && typeof sealed !== "string") throw refused("model-key-unkept");
      const id = newId();
      rows.add({ id, kind, name, model, baseUrl: given, sealedKey: sealed, budget: BUDGET }, clock.now());
      changed();
      return { id };
    },
    "model.remove": ({ model }) => {
      if (!rows.remove(model)) found(model);
      keys.delete(model);
      changed();
      return {};
    },
    "model.setDefault": ({ model }) => {
      if (!rows.setDefault(model)) found(model);
      changed();
      return {};
    },
    "model.setRunsHere": ({ model, runsHere }) => {
      const row = found(model);
      if (runsHere && !isLoopback(endpointOf(row, local)))
        throw refused("model-elsewhere", row.name, hostOf(endpointOf(row, local)));
      rows.setRunsHere(model, runsHere);
      changed();
      return {};
    },
    "model.detect": async () => (await detect(), {}),
    "model.test": ({ model }) => test(model),
  };

  const viewOf = (row: ModelRow): ModelView => ({
    id: row.id,
    kind: row.kind,
    name: row.name,
    model: row.model,
    baseUrl: row.baseUrl,
    hasKey: row.sealedKey !== null,
    place: places.of(row),
    runsHere: row.runsHere,
    isDefault: row.isDefault,
  });
  return {
    handlers,
    choose,
    look: async (id) => places.look(found(id)),
    step,
    detect,
    view: () => ({ models: rows.list().map(viewOf), detected }),
    defaultName: () => rows.default()?.name ?? null,
  };
};
