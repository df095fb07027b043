/** Calls as a model proposes them in one answer: each gets an id of its own, and what cannot be called is refused with the reason. */
import { ARGS_MAX } from "#bridge/limits.ts";
import { told, type Told } from "#bridge/told.ts";
import { readArgs } from "../json/args.ts";
import type { ModelCall } from "../models/model.ts";
import type { NewCall, RunRow } from "../store/runs.ts";
import type { BuiltContext } from "./context.ts";

export interface ProposedCall extends NewCall {
  readonly state: "proposed" | "refused";
}

type Names = BuiltContext["names"];

/** `names` are the tools under the names by which this model was told of them. */
export const proposedCalls = (
  run: Pick<RunRow, "id" | "step">,
  calls: readonly ModelCall[],
  names: Names,
  newId: () => string,
): ProposedCall[] => {
  const seen = new Set<string>();
  return calls.map((call) => {
    const providerId = call.id === "" || seen.has(call.id) ? newId() : call.id;
    seen.add(providerId);
    const tool = names.get(call.name);
    const reason = problemOf(call, tool !== undefined);
    return {
      id: newId(),
      run: run.id,
      step: run.step,
      server: tool?.server ?? "",
      serverName: tool?.serverName ?? "?",
      tool: tool?.tool ?? call.name.slice(0, 200),
      args: call.args.slice(0, ARGS_MAX),
      providerId,
      providerName: call.name,
      state: reason === null ? "proposed" : "refused",
      reason,
    };
  });
};

const problemOf = (call: ModelCall, isKnown: boolean): Told | null => {
  if (!isKnown) return told("no-tool-named", call.name.slice(0, 100));
  if (call.problem !== null) return call.problem;
  if (call.args.length > ARGS_MAX) return told("call-args-large");
  const read = readArgs(call.args);
  return read.ok ? null : read.error;
};
