/** What a rule says about a tool: allow, ask, deny. */
import { Ban, Check, Hand, UserCheck } from "lucide-react";
import type { Effect, QueueView } from "#bridge/policy.ts";
import { queueName } from "../state/tool-choice.ts";
import { effectWords as words } from "../text/tools.ts";

export const EffectChip = ({ effect, queues }: { readonly effect: Effect; readonly queues: readonly QueueView[] }) => {
  if (effect.kind === "allow")
    return (
      <span className="chip done">
        <Check className="icon small" aria-hidden />
        {words.allowed}
      </span>
    );
  if (effect.kind === "confirm")
    return (
      <span className="chip waiting">
        <UserCheck className="icon small" aria-hidden />
        {words.confirmed}
      </span>
    );
  if (effect.kind === "deny")
    return (
      <span className="chip failed">
        <Ban className="icon small" aria-hidden />
        {words.denied}
      </span>
    );
  return (
    <span className="chip waiting">
      <Hand className="icon small" aria-hidden />
      {words.asks(queueName(queues, effect.queue))}
    </span>
  );
};
