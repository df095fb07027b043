/** The choice for calls that no rule names, beside the rules that name some. */
import { useState } from "react";
import type { PolicyView } from "#bridge/policy.ts";
import { Note } from "../../parts/basic.tsx";
import { RadioRows } from "../../parts/radio.tsx";
import { ApproverJoined, ChangeUnnamed } from "../../parts/unnamed.tsx";
import { useTopic } from "../../state/host.ts";
import { confirmWords as words } from "../../text/confirm.ts";
import { ruleWords } from "../../text/rules.ts";
import { factWords } from "../../text/facts.ts";

const CHOICES = ["confirm", "ask", "deny"] as const;

export const Unnamed = ({ wid }: { readonly wid: string }) => {
  const policy = useTopic("policy", wid);
  const [to, setTo] = useState<PolicyView["unnamed"] | null>(null);
  if (policy === undefined) return null;
  const locked = !policy.mayEdit.allowed;
  return (
    <section className="stack" aria-labelledby="unnamed-title">
      <h2 id="unnamed-title">{words.title}</h2>
      <ApproverJoined wid={wid} />
      {locked && <Note>{ruleWords.cannot(factWords(policy.mayEdit.why))}</Note>}
      <RadioRows
        label={words.title}
        hideLabel
        value={policy.unnamed}
        onPick={(picked) => setTo(CHOICES.find((each) => each === picked && each !== policy.unnamed) ?? null)}
        options={CHOICES.map((value) => ({
          value,
          label: words.choices[value],
          why: words.means[value],
          disabled: locked,
        }))}
      />
      {to !== null && <ChangeUnnamed policy={policy} to={to} onClose={() => setTo(null)} />}
    </section>
  );
};
