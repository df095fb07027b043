/** "What can they do, and why?": every capability with the rule that decides it. */
import { Ban, Check } from "lucide-react";
import { useEffect, useState } from "react";
import type { MemberView, Verdict } from "#bridge/views.ts";
import { Problem } from "../../parts/basic.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { commonWords } from "../../text/common.ts";
import { capabilityWords, teamWords as words } from "../../text/team.ts";

export const Explain = ({ wid, member, onClose }: { readonly wid: string; readonly member: MemberView; readonly onClose: () => void }) => {
  const [verdicts, setVerdicts] = useState<Record<string, Verdict> | null>(null);
  const action = useAction("inline");
  const { run } = action;
  useEffect(() => {
    void run(async () => setVerdicts(await request("member.explain", { wid, member: member.id })));
    // Asked again when the role changes while the dialog is open.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [wid, member.id, member.role]);
  return (
    <Dialog open wide onClose={onClose} title={words.explainTitle(member.name)}>
      <Problem error={action.problem} />
      {verdicts === null ? (
        action.busy && <p className="faint late">{commonWords.loading}</p>
      ) : (
        <ul className="verdicts">
          {Object.entries(verdicts).map(([capability, verdict]) => (
            <li key={capability} className="verdict">
              <span className={verdict.allowed ? "chip done" : "chip"}>
                {verdict.allowed ? <Check className="icon small" aria-hidden /> : <Ban className="icon small" aria-hidden />}
                {verdict.allowed ? words.allowed : words.refused}
              </span>
              <span className="strong">{capabilityWords[capability] ?? capability}</span>
              <span className="quiet">{verdict.rule}</span>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
};
