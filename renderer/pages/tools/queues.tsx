/** The approval queues: who is asked, how many must agree, and how long there is to decide. */
import { Plus } from "lucide-react";
import { useState } from "react";
import type { QueueView } from "#bridge/policy.ts";
import type { TeamView } from "#bridge/member.ts";
import type { ToolsView } from "#bridge/tool.ts";
import { Button } from "../../parts/basic.tsx";
import { useTopic } from "../../state/host.ts";
import { anyWords, durationWords } from "../../text/common.ts";
import { queueWords as words, removeQueueWords } from "../../text/queues.ts";
import { practiceWords } from "../../text/practice.ts";
import { QueueEditor } from "./queue-editor.tsx";
import { RemoveQueue } from "./remove-queue.tsx";
import { TryQueue } from "./try-queue.tsx";
import { factWords } from "../../text/facts.ts";

export const Queues = ({ tools }: { readonly tools: ToolsView }) => {
  const team = useTopic("team", tools.wid);
  const [editing, setEditing] = useState<QueueView | "new" | null>(null);
  const [trying, setTrying] = useState<QueueView | null>(null);
  const [removing, setRemoving] = useState<QueueView | null>(null);
  const locked = !tools.mayEdit.allowed;
  return (
    <section className="stack" aria-labelledby="queues-title">
      <header className="row">
        <div className="grow">
          <h2 id="queues-title">{words.title}</h2>
          <p className="faint">{words.subtitle}</p>
        </div>
        <Button
          disabled={locked}
          title={locked ? factWords(tools.mayEdit.why) : undefined}
          icon={<Plus className="icon small" aria-hidden />}
          onClick={() => setEditing("new")}
        >
          {words.add}
        </Button>
      </header>
      <ul className="rows">
        {tools.queues.map((queue) => (
          <li key={queue.id} className="row-item queue-row">
            <div className="grow">
              <p className="strong">{queue.name}</p>
              <p className="faint">
                {[
                  summary(queue.all, team),
                  ...queue.steps.map((step) => words.stepSummary(durationWords(step.afterMs), summary(step.all, team))),
                ].join(" · ")}
              </p>
              <p className="faint">
                {words.rejections(queue.deny)} · {words.decideIn(durationWords(queue.decideMs))} ·{" "}
                {words.useIn(durationWords(queue.useMs))}
                {queue.practice && ` · ${words.practiceOn}`}
              </p>
            </div>
            <span className="row wrap">
              <Button
                size="small"
                look="plain"
                disabled={!queue.practice}
                title={queue.practice ? undefined : practiceWords.notAllowed}
                aria-label={practiceWords.tryItOf(queue.name)}
                onClick={() => setTrying(queue)}
              >
                {practiceWords.tryIt}
              </Button>
              <Button
                size="small"
                look="plain"
                disabled={locked}
                title={locked ? factWords(tools.mayEdit.why) : undefined}
                aria-label={removeQueueWords.removeOf(queue.name)}
                onClick={() => setRemoving(queue)}
              >
                {removeQueueWords.short}
              </Button>
              <Button
                size="small"
                disabled={locked}
                title={locked ? factWords(tools.mayEdit.why) : undefined}
                aria-label={words.editTitle(queue.name)}
                onClick={() => setEditing(queue)}
              >
                {words.edit}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      {trying !== null && <TryQueue tools={tools} queue={trying} onClose={() => setTrying(null)} />}
      {removing !== null && <RemoveQueue wid={tools.wid} queue={removing} onClose={() => setRemoving(null)} />}
      {editing !== null && team !== undefined && (
        <QueueEditor
          tools={tools}
          team={team}
          queue={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
    </section>
  );
};

const summary = (all: QueueView["all"], team: TeamView | undefined): string =>
  words.summary(
    all.map((threshold) => {
      const roles = threshold.roles.map((id) => team?.roles.find((role) => role.id === id)?.name ?? id);
      const people = threshold.members.map((id) => team?.members.find((member) => member.id === id)?.name ?? id);
      return words.of(threshold.n, anyWords([...roles, ...people]));
    }),
  );
