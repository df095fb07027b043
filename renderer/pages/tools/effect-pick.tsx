/** Allow, confirm, ask a queue, or deny. */
import type { Effect, QueueView } from "#bridge/policy.ts";
import { Choice } from "../../parts/choice.tsx";
import { effectWords, toolsWords } from "../../text/tools.ts";
import { effectOf, effectValue } from "./rule-draft.ts";

interface EffectPickProps {
  readonly tool: string;
  /** Null where nothing is set for the tool itself. */
  readonly effect: Effect | null;
  /** Shown where nothing is set. */
  readonly empty?: string;
  readonly name?: string;
  readonly queues: readonly QueueView[];
  readonly disabled?: boolean;
  readonly why?: string | undefined;
  readonly describedBy?: string | undefined;
  readonly onPick: (effect: Effect) => void;
}

export const EffectPick = ({
  tool,
  effect,
  empty,
  name = toolsWords.policyOf(tool),
  queues,
  disabled,
  why,
  describedBy,
  onPick,
}: EffectPickProps) => (
  <Choice
    name={name}
    className={`small effect-pick ${effect?.kind ?? ""}`}
    value={effect === null ? null : effectValue(effect)}
    empty={empty}
    options={effectChoices(effect, queues)}
    disabled={disabled}
    title={why}
    describedBy={describedBy}
    onPick={(value) => onPick(effectOf(value))}
  />
);

const effectChoices = (effect: Effect | null, queues: readonly QueueView[]): { value: string; label: string }[] => {
  const lost =
    effect?.kind === "ask" && !queues.some((queue) => queue.id === effect.queue)
      ? [{ value: effectValue(effect), label: effectWords.ask(effect.queue) }]
      : [];
  return [
    { value: "allow", label: effectWords.allow },
    { value: "confirm", label: effectWords.confirm },
    ...queues.map((queue) => ({ value: `ask ${queue.id}`, label: effectWords.ask(queue.name) })),
    ...lost,
    { value: "deny", label: effectWords.deny },
  ];
};
