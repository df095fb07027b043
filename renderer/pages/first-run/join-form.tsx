/** Joining: a link is looked at first, then named in full, and only a click joins. */
import { useEffect, useState, type ReactNode } from "react";
import type { InvitePreview } from "#bridge/views.ts";
import { Button, Field, Note, Problem } from "../../parts/basic.tsx";
import { When } from "../../parts/time.tsx";
import { attempt, useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { chooseWorkspace } from "../../state/route.ts";
import { joinWords as words } from "../../text/app.ts";
import { commonWords } from "../../text/common.ts";

interface JoinFormProps {
  /** A link that came from outside, not yet trusted. */
  readonly pendingLink: string | null;
  readonly onBack: () => void;
  readonly inDialog?: boolean;
}

export const JoinForm = ({ pendingLink, onBack, inDialog }: JoinFormProps) => {
  const [link, setLink] = useState(pendingLink ?? "");
  const [preview, setPreview] = useState<InvitePreview | null>(null);
  const action = useAction("inline");

  const look = (text: string) => void action.run(async () => setPreview(await request("invite.inspect", { link: text.trim() })));
  const leave = () => {
    if (pendingLink !== null) attempt(() => request("link.take", {}));
    onBack();
  };

  useEffect(() => {
    if (pendingLink === null) return;
    setLink(pendingLink);
    setPreview(null);
    look(pendingLink);
    // Looks once for each link that arrives.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [pendingLink]);

  if (preview !== null) return <ConfirmJoin preview={preview} link={link} fromOutside={pendingLink !== null} onBack={leave} inDialog={inDialog === true} />;
  return (
    <form
      className="stack wide"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        look(link);
      }}
    >
      {inDialog !== true && <h1>{words.title}</h1>}
      <Field label={words.link} help={words.linkHelp}>
        {(wiring) => <textarea className="input code" rows={4} value={link} onChange={(event) => setLink(event.target.value)} spellCheck={false} autoFocus {...wiring} />}
      </Field>
      <Problem error={action.problem} />
      <div className="row">
        <Button onClick={leave}>{inDialog === true || pendingLink !== null ? words.notNow : commonWords.back}</Button>
        <span className="grow" />
        <Button type="submit" look="primary" busy={action.busy} disabled={link.trim() === ""}>
          {words.look}
        </Button>
      </div>
    </form>
  );
};

interface ConfirmJoinProps {
  readonly preview: InvitePreview;
  readonly link: string;
  readonly fromOutside: boolean;
  readonly onBack: () => void;
  readonly inDialog: boolean;
}

const ConfirmJoin = ({ preview, link, fromOutside, onBack, inDialog }: ConfirmJoinProps) => {
  const action = useAction("inline");
  const join = () =>
    void action.run(async () => {
      const { wid } = preview.alreadyMember ? preview : await request("invite.join", { link: link.trim() });
      if (fromOutside) await request("link.take", {});
      chooseWorkspace(wid);
      if (inDialog) onBack();
    });
  const back = preview.alreadyMember ? null : preview.back;
  const facts = [
    ...(back === null ? [] : [[words.backAs, back] as const]),
    [words.workspace, preview.workspace],
    [words.server, preview.server],
    [words.inviter, preview.inviter],
    [words.role, preview.role],
    [words.expires, <When key="expires" at={preview.expiresAt} />],
    [words.uses, String(preview.usesLeft)],
  ] as (readonly [string, ReactNode])[];
  return (
    <div className="stack wide">
      <h1>{back === null ? words.confirmTitle : words.backTitle(back)}</h1>
      <dl className="facts framed">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Note>{preview.alreadyMember ? words.already : back === null ? words.confirmWhy : words.backWhy(back)}</Note>
      <Problem error={action.problem} />
      <div className="row">
        <Button onClick={onBack}>{words.notNow}</Button>
        <span className="grow" />
        <Button look="primary" busy={action.busy} onClick={join}>
          {preview.alreadyMember ? words.open : back === null ? words.join : words.comeBack}
        </Button>
      </div>
    </div>
  );
};
