/** Joining: a link is looked at first, then named in full, and only a click joins. */
import type { InvitePreview } from "#bridge/invite.ts";
import { Note } from "../../parts/basic.tsx";
import { Facts, type Fact } from "../../parts/facts.tsx";
import { CodeField, StepForm } from "../../parts/step-form.tsx";
import { When } from "../../parts/time.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { usePasted } from "../../state/pasted.ts";
import { chooseWorkspace, route } from "../../state/route.ts";
import { ownPromiseWords } from "../../text/arrivals.ts";
import { joinWords as words } from "../../text/app.ts";
import { commonWords } from "../../text/common.ts";

interface JoinFormProps {
  /** A link that came from outside, not yet trusted. */
  readonly pendingLink: string | null;
  readonly onBack: () => void;
  readonly inDialog?: boolean;
}

export const JoinForm = ({ pendingLink, onBack, inDialog = false }: JoinFormProps) => {
  const pasted = usePasted(pendingLink, (link) => request("invite.inspect", { link }));
  const leave = () => {
    pasted.take();
    onBack();
  };
  if (pasted.preview !== null)
    return (
      <ConfirmJoin
        preview={pasted.preview}
        link={pasted.text}
        fromOutside={pendingLink !== null}
        onBack={leave}
        inDialog={inDialog}
      />
    );
  return (
    <StepForm
      title={inDialog ? null : words.title}
      action={pasted.action}
      back={inDialog || pendingLink !== null ? words.notNow : commonWords.back}
      onBack={leave}
      verb={words.look}
      onNext={pasted.look}
      disabled={pasted.text.trim() === ""}
    >
      <CodeField label={words.link} help={words.linkHelp} value={pasted.text} onValue={pasted.setText} />
    </StepForm>
  );
};

interface ConfirmJoinProps {
  readonly preview: InvitePreview;
  readonly link: string;
  readonly fromOutside: boolean;
  readonly onBack: () => void;
  readonly inDialog: boolean;
}

/** What a built-in role is called is not the server's to say, nor may another one pass for it. */
const roleOf = ({ role, roleDefined }: InvitePreview): string => (roleDefined ? words.definedRole(role) : role);

const ConfirmJoin = ({ preview, link, fromOutside, onBack, inDialog }: ConfirmJoinProps) => {
  const action = useAction("inline");
  const join = () =>
    void action.run(async () => {
      const since = route.get();
      const { wid } = preview.alreadyMember ? preview : await request("invite.join", { link: link.trim() });
      if (fromOutside) await request("link.take", {});
      chooseWorkspace(wid, since);
      if (inDialog) onBack();
    });
  const back = preview.alreadyMember ? null : preview.back;
  const facts: Fact[] = [
    ...(back === null ? [] : [[words.backAs, back] as const]),
    [words.workspace, preview.workspace],
    [words.server, preview.server],
    [words.inviter, preview.inviter],
    [words.role, roleOf(preview)],
    [words.expires, <When key="expires" at={preview.expiresAt} />],
    [words.uses, String(preview.usesLeft)],
  ];
  return (
    <StepForm
      title={back === null ? words.confirmTitle : words.backTitle(back)}
      action={action}
      back={words.notNow}
      onBack={onBack}
      verb={preview.alreadyMember ? words.open : back === null ? words.join : words.comeBack}
      onNext={join}
    >
      <Facts facts={facts} framed />
      {preview.confirm && !preview.alreadyMember && (
        <Note tone="waiting">
          {(back === null ? ownPromiseWords.before : ownPromiseWords.beforeBack)(preview.inviter, roleOf(preview))}
        </Note>
      )}
      <Note>{preview.alreadyMember ? words.already : back === null ? words.confirmWhy : words.backWhy(back)}</Note>
    </StepForm>
  );
};
