/** Settings of tools that were picked and are not published: what they would do together, and one button for all of them. */
import { useState } from "react";
import type { PolicyView } from "#bridge/policy.ts";
import { Button, Problem } from "../../parts/basic.tsx";
import { AskAgain, asksAgain, canPublish, Meanwhile, PreviewBox, usePreview } from "../../parts/policy-preview.tsx";
import { useAction } from "../../state/action.ts";
import { usePastOwn } from "../../state/own-changes.ts";
import {
  changesIn,
  countOf,
  discardDraft,
  publishPolicy,
  rebase,
  usePolicyDraft,
  type PolicyDraft,
} from "../../state/policy-draft.ts";
import { changeWords as words, doneSentence } from "../../text/policy-change.ts";

export const DraftBar = ({ policy }: { readonly policy: PolicyView }) => {
  const draft = usePolicyDraft(policy.wid);
  return draft === undefined ? null : <Bar policy={policy} draft={draft} />;
};

const Bar = ({ policy, draft }: { readonly policy: PolicyView; readonly draft: PolicyDraft }) => {
  const { wid, queues } = policy;
  const changes = changesIn(draft);
  const preview = usePreview(wid, changes, policy.base);
  const [asking, setAsking] = useState(false);
  const action = useAction("inline");
  const past = usePastOwn(wid);
  const behind = past(policy.base) !== past(draft.base);
  const publish = async () => {
    if (preview.found === null) return;
    await publishPolicy(wid, changes, draft.base, doneSentence(preview.found, queues));
    discardDraft(wid);
  };
  return (
    <section className="draft-bar stack tight" aria-label={words.barLabel}>
      <div className="draft-does stack tight" tabIndex={0} role="group" aria-label={words.title}>
        {behind && (
          <Meanwhile
            wid={wid}
            base={past(draft.base)}
            now={policy.base}
            queues={queues}
            onGoOn={() => rebase(wid, policy.base)}
          />
        )}
        <PreviewBox preview={preview} queues={queues} />
        <Problem error={action.problem} />
      </div>
      <div className="row wrap">
        <span className="strong grow">{words.bar(countOf(draft))}</span>
        <Button onClick={() => discardDraft(wid)}>{words.discard}</Button>
        <Button
          look="primary"
          busy={action.busy}
          disabled={behind || !canPublish(preview) || !policy.mayEdit.allowed}
          onClick={() =>
            preview.found !== null && asksAgain(preview.found) ? setAsking(true) : void action.run(publish)
          }
        >
          {words.publishBar}
        </Button>
      </div>
      {asking && preview.found !== null && (
        <AskAgain found={preview.found} queues={queues} onClose={() => setAsking(false)} work={publish} />
      )}
    </section>
  );
};
