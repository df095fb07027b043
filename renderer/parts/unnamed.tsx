/** What calls get that no rule names: the question before it changes, and the offer once somebody else can approve. */
import { UserCheck } from "lucide-react";
import { useState } from "react";
import { visibleName } from "#bridge/plain-text.ts";
import type { PolicyView } from "#bridge/policy.ts";
import { useTopic } from "../state/host.ts";
import { publishPolicy } from "../state/policy-draft.ts";
import { dismissOffer, useOfferDismissed } from "../state/unnamed-offer.ts";
import { followingServers, switchUnnamed } from "../state/unnamed-switch.ts";
import { changeSentence, doneSentence } from "../text/policy-change.ts";
import { confirmWords as words } from "../text/confirm.ts";
import { Button, Note } from "./basic.tsx";
import { Confirm } from "./dialog.tsx";
import { usePreview } from "./policy-preview.tsx";

type Unnamed = PolicyView["unnamed"];
const STRENGTH: Record<Unnamed, number> = { confirm: 0, ask: 1, deny: 2 };

interface ChangeUnnamedProps {
  readonly policy: PolicyView;
  readonly to: Unnamed;
  readonly onClose: () => void;
}

/** Says what changes and for whom before it is signed. */
export const ChangeUnnamed = ({ policy, to, onClose }: ChangeUnnamedProps) => {
  const people = useTopic("team", policy.wid)?.members.filter((member) => member.active).length ?? 1;
  const [base] = useState(policy.base);
  const servers = followingServers(policy, to);
  const changes = switchUnnamed(policy, to);
  const preview = usePreview(policy.wid, changes, policy.base);
  return (
    <Confirm
      open
      onClose={onClose}
      title={words.changeTitle(to)}
      verb={words.verb(to)}
      work={async () => {
        await publishPolicy(
          policy.wid,
          changes,
          base,
          preview.found === null ? words.saved : doneSentence(preview.found, policy.queues),
        );
      }}
    >
      <ul className="points">
        <li>{words.means[to]}</li>
        {servers.length > 0 && <li>{words.toolsToo(servers.map(visibleName), to)}</li>}
        {STRENGTH[to] < STRENGTH[policy.unnamed] && <li>{words.looser}</li>}
        {to === "ask" && policy.others.length === 0 && <li>{words.nobody}</li>}
        {policy.unnamed === "confirm" && <li>{words.openEnds}</li>}
        <li>{words.forEverybody(people)}</li>
        {preview.found !== null && <li>{changeSentence(preview.found, policy.queues)}</li>}
      </ul>
    </Confirm>
  );
};

/** Somebody else can approve, and this person still confirms their own calls: whether to ask others is theirs to say. */
export const useApproverJoined = (wid: string): PolicyView | null => {
  const policy = useTopic("policy", wid);
  const dismissed = useOfferDismissed(wid, policy?.others ?? []);
  return policy === undefined ||
    dismissed ||
    policy.unnamed !== "confirm" ||
    policy.others.length === 0 ||
    !policy.mayEdit.allowed
    ? null
    : policy;
};

export const ApproverJoined = ({ wid }: { readonly wid: string }) => {
  const policy = useApproverJoined(wid);
  const [asking, setAsking] = useState(false);
  if (policy === null) return null;
  return (
    <Note tone="waiting" icon={<UserCheck className="icon small" aria-hidden />}>
      <div className="stack tight">
        <p>
          {words.joined(policy.others.map(visibleName))} <span className="quiet">{words.joinedWhy}</span>
        </p>
        <div className="row wrap">
          <Button size="small" look="primary" onClick={() => setAsking(true)}>
            {words.askOthers}
          </Button>
          <Button size="small" onClick={() => dismissOffer(wid, policy.others)}>
            {words.notNow}
          </Button>
        </div>
      </div>
      {asking && <ChangeUnnamed policy={policy} to="ask" onClose={() => setAsking(false)} />}
    </Note>
  );
};

/** Where a call was refused because nobody else could decide it. */
export const ConfirmYourself = ({ wid }: { readonly wid: string }) => {
  const policy = useTopic("policy", wid);
  const [asking, setAsking] = useState(false);
  if (policy === undefined || policy.unnamed !== "ask" || !policy.mayEdit.allowed) return null;
  return (
    <>
      <Button size="small" icon={<UserCheck className="icon small" aria-hidden />} onClick={() => setAsking(true)}>
        {words.yourself}
      </Button>
      {asking && <ChangeUnnamed policy={policy} to="confirm" onClose={() => setAsking(false)} />}
    </>
  );
};
