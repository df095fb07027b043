/** "What can they do, and why?": queues, roles and people by name first, then every right, each with the rule that decides. */
import { Ban, Check } from "lucide-react";
import { useEffect, useState } from "react";
import type { Explained, MemberView, TeamView } from "#bridge/member.ts";
import type { Verdict } from "#bridge/answer.ts";
import { Problem } from "../../parts/basic.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { commonWords } from "../../text/common.ts";
import { capabilityWords, questionWords, teamWords as words } from "../../text/team.ts";
import { factWords, ownWords } from "../../text/facts.ts";

/** Asked again whenever the team changes while the dialog is open: a role may have been given, or redefined. */
export const Explain = ({
  team,
  member,
  onClose,
}: {
  readonly team: TeamView;
  readonly member: MemberView;
  readonly onClose: () => void;
}) => {
  const [explained, setExplained] = useState<Explained | null>(null);
  const { busy, problem, run } = useAction("inline");
  useEffect(() => {
    void run(async () => setExplained(await request("member.explain", { wid: team.wid, member: member.id })));
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [team, member.id]);
  return (
    <Dialog open wide reading onClose={onClose} title={words.explainTitle(member.name)}>
      <Problem error={problem} />
      {explained === null ? (
        busy && <p className="faint late">{commonWords.loading}</p>
      ) : (
        <>
          {(["decide-queue", "give-role", "change-role", "remove-member"] as const).map((kind) => (
            <Verdicts
              key={kind}
              me={member.me}
              title={questionWords[kind]}
              rows={explained.questions
                .filter((each) => each.kind === kind)
                .map(({ about, verdict }) => [about, verdict])}
            />
          ))}
          <Verdicts
            me={member.me}
            title={words.rights}
            rows={Object.entries(explained.rights).map(([capability, verdict]) => [
              capabilityWords[capability] ?? capability,
              verdict,
            ])}
          />
        </>
      )}
    </Dialog>
  );
};

const Verdicts = ({
  title,
  rows,
  me,
}: {
  readonly title: string;
  /** Whether it is about the person who reads it. */
  readonly me: boolean;
  readonly rows: readonly (readonly [string, Verdict])[];
}) =>
  rows.length === 0 ? null : (
    <section className="stack tight" aria-label={title}>
      <h3 className="label-caps">{title}</h3>
      <ul className="verdicts">
        {rows.map(([what, verdict], index) => (
          <li key={index} className="verdict">
            <span className={verdict.allowed ? "chip done" : "chip"}>
              {verdict.allowed ? (
                <Check className="icon small" aria-hidden />
              ) : (
                <Ban className="icon small" aria-hidden />
              )}
              {verdict.allowed ? words.allowed : words.refused}
            </span>
            <span className="strong">{what}</span>
            <span className="quiet">{(me ? ownWords : factWords)(verdict.why)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
