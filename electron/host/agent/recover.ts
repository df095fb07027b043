/** What a new process makes of the runs that the last one left behind. */
import type { EngineParts } from "./engine.ts";
import type { RunRow } from "../store/runs.ts";
import { UNKNOWN } from "./words.ts";

/** Settles every call that was being executed as "unknown, not repeated". Answers the runs that go on. */
export const recover = ({
  store,
  runs,
  messages,
  ledger,
  journal,
  clock,
  log,
}: Pick<EngineParts, "store" | "runs" | "messages" | "ledger" | "journal" | "clock" | "log">): RunRow[] => {
  const left = ledger.dangling();
  const at = clock.now();
  for (const id of left) {
    const call = runs.call(id);
    const end = (): void => ledger.end(id, "unknown", at);
    const moved =
      call === null
        ? null
        : journal.apply(
            call.run,
            { kind: "call", call: id, to: "unknown" },
            { facts: { reason: UNKNOWN, endedAt: at }, also: end },
          );
    if (moved === null) end();
  }
  const active = runs.active();
  for (const run of active) {
    // A streaming message of an unfinished step is made again from its start; its text so far was never an answer.
    const streaming = run.phase === "model" ? messages.streamingOf(run.id) : null;
    if (streaming !== null) store.write(() => messages.setParts(streaming, [], true));
  }
  if (left.length > 0 || active.length > 0)
    log.note("runs.recovered", { count: active.length, what: `unknown-${left.length}` });
  return active;
};
