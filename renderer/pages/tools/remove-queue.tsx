/** Removing a queue: the host says what stands in the way, or what follows. */
import { useEffect, useState } from "react";
import type { QueueRemoval, QueueView } from "#bridge/policy.ts";
import { Button, Note, Problem } from "../../parts/basic.tsx";
import { Confirm, Dialog } from "../../parts/dialog.tsx";
import { useAction } from "../../state/action.ts";
import { request, useTopic } from "../../state/host.ts";
import { publishPolicy } from "../../state/policy-draft.ts";
import { commonWords } from "../../text/common.ts";
import { removeQueueWords as words } from "../../text/queues.ts";
import { factWords } from "../../text/facts.ts";

interface RemoveQueueProps {
  readonly wid: string;
  readonly queue: QueueView;
  readonly onClose: () => void;
}

/** Asked again whenever the policy changes while this is open: somebody may have written a rule that asks the queue. */
export const RemoveQueue = ({ wid, queue, onClose }: RemoveQueueProps) => {
  const [removal, setRemoval] = useState<QueueRemoval | null>(null);
  const { problem, run } = useAction("inline");
  const base = useTopic("policy", wid)?.base;
  useEffect(() => {
    void run(async () => setRemoval(await request("policy.queueRemoval", { wid, queue: queue.id })));
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [wid, queue.id, base]);
  if (removal?.can.allowed === true)
    return (
      <Confirm
        open
        onClose={onClose}
        title={words.title(queue.name)}
        verb={words.remove}
        work={async () => {
          // Not to be taken back: a removed queue does not come back, as the points say.
          await publishPolicy(
            wid,
            [{ kind: "remove-queue", queue: queue.id }],
            removal.base,
            words.removed(queue.name),
            false,
          );
        }}
      >
        <ul className="points">
          {words.points(removal.instead, removal.waiting).map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
      </Confirm>
    );
  return removal === null && problem === null ? null : (
    <Dialog open onClose={onClose} title={words.cannotTitle(queue.name)}>
      <Problem error={problem} />
      {removal !== null && <InTheWay removal={removal} />}
      <div className="dialog-foot">
        <Button onClick={onClose}>{commonWords.close}</Button>
      </div>
    </Dialog>
  );
};

const InTheWay = ({ removal }: { readonly removal: QueueRemoval }) => (
  <>
    <Note>{factWords(removal.can.why)}</Note>
    {removal.rules.length > 0 && (
      <ul className="points" aria-label={words.rules}>
        {removal.rules.map((rule, index) => (
          <li key={index}>{factWords(rule)}</li>
        ))}
      </ul>
    )}
  </>
);
