/** Allow, ask a queue, or deny. */
import type { Effect, QueueView } from "#bridge/views.ts";
import { Pick } from "../../parts/basic.tsx";
import { effectWords, toolsWords } from "../../text/tools.ts";

interface EffectPickProps {
  readonly tool: string;
  readonly effect: Effect;
  readonly queues: readonly QueueView[];
  readonly disabled?: boolean;
  readonly why?: string | undefined;
  readonly onPick: (effect: Effect) => void;
}

export const EffectPick = ({ tool, effect, queues, disabled, why, onPick }: EffectPickProps) => {
  const known = effect.kind !== "ask" || queues.some((queue) => queue.id === effect.queue);
  const options = [
    { value: "allow", label: effectWords.allow },
    { value: "confirm", label: effectWords.confirm },
    ...queues.map((queue) => ({ value: `ask ${queue.id}`, label: effectWords.ask(queue.name) })),
    ...(known || effect.kind !== "ask" ? [] : [{ value: `ask ${effect.queue}`, label: effectWords.ask(effect.queue) }]),
    { value: "deny", label: effectWords.deny },
  ];
  return (
    <Pick
      name={toolsWords.policyOf(tool)}
      className={`small effect-pick ${effect.kind}`}
      value={effect.kind === "ask" ? `ask ${effect.queue}` : effect.kind}
      options={options}
      disabled={disabled ?? false}
      title={why}
      onPick={(value) => onPick(value === "allow" || value === "confirm" || value === "deny" ? { kind: value } : { kind: "ask", queue: value.slice(4) })}
    />
  );
};
