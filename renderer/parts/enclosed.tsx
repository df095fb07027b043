/** To the person who asks: what approvers read beside the arguments, before it leaves and while it waits. */
import { useEffect, useState } from "react";
import { visible, visibleName } from "#bridge/plain-text.ts";
import type { CallView } from "#bridge/call.ts";
import { WHY_MAX, type Before } from "#bridge/card.ts";
import { request, useTopic } from "../state/host.ts";
import { enclosureWords as words } from "../text/enclosure.ts";
import { Field } from "./basic.tsx";
import { Boundary } from "./boundary.tsx";
import { Limit } from "./limit.tsx";
import { FileChange } from "./requester-words.tsx";

/** For approvers, in a form that makes a call. */
export const WhyField = ({ value, onValue }: { readonly value: string; readonly onValue: (value: string) => void }) => {
  const choice = useTopic("app")?.settings.enclose;
  return (
    <WhyText
      label={words.whyField}
      help={choice === "message-and-file" ? `${words.whyHelp} ${words.fileToo}` : words.whyHelp}
      value={value}
      onValue={onValue}
    />
  );
};
interface WhyTextProps {
  readonly label: string;
  readonly help: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}
export const WhyText = ({ label, help, value, onValue }: WhyTextProps) => (
  <Field
    label={label}
    help={
      <>
        {help}
        <Limit length={value.trim().length} max={WHY_MAX} />
      </>
    }
  >
    {(wiring) => (
      <textarea
        className="input"
        rows={2}
        value={value}
        onChange={(event) => onValue(event.target.value)}
        dir="auto"
        {...wiring}
      />
    )}
  </Field>
);
/** The part of a request that carries what was typed there. */
export const whyParam = (typed: string): { readonly why?: string } =>
  typed.trim() === "" ? {} : { why: typed.trim() };

/** Below the composer, where this person's choice lets a message leave with a call of the agent. */
export const EncloseHint = () => {
  const choice = useTopic("app")?.settings.enclose ?? "nothing";
  if (choice === "nothing") return null;
  return (
    <p className="composer-hint">
      <Boundary side="sealed" text={words.hint[choice]} />
    </p>
  );
};

/** On the call, exactly what went with its request. */
export const EnclosedWords = ({ call }: { readonly call: Pick<CallView, "enclosed"> }) => {
  const { enclosed } = call;
  if (enclosed === null || (enclosed.why === null && enclosed.file === null && enclosed.tooLarge.length === 0))
    return null;
  return (
    <div className="enclosed">
      {(enclosed.why !== null || enclosed.file !== null) && <Boundary side="sealed" text={words.alsoRead} />}
      {enclosed.why !== null && <blockquote dir="auto">{visible(enclosed.why)}</blockquote>}
      {enclosed.file !== null && <p>{words.whatFileHeld(visibleName(enclosed.file))}</p>}
      {enclosed.tooLarge.map((each) => (
        <p key={each} className="faint">
          {words.tooLarge[each]}
        </p>
      ))}
    </div>
  );
};

const waits: readonly CallView["state"][] = ["proposed", "queued", "waiting", "approved"];

/** What an own call that has not run would change in its file. It is read here, for this screen alone. */
export const OwnFileChange = ({ call, thread }: { readonly call: CallView; readonly thread: string }) => {
  const [before, setBefore] = useState<Before | null>(null);
  const open = waits.includes(call.state);
  useEffect(() => {
    let stale = false;
    const keep = (found: Before | null): void => void (stale || setBefore(found));
    if (open)
      request("call.present", { thread, call: call.id }).then(
        (found) => keep(found.before),
        // Nothing to compare with: the call is shown alone.
        () => keep(null),
      );
    else keep(null);
    return () => {
      stale = true;
    };
  }, [thread, call.id, call.args, open]);
  return before === null ? null : (
    <FileChange
      before={before}
      args={call.args}
      source={(call.enclosed?.file ?? null) === null ? words.asItIs : words.asItIsShared}
    />
  );
};
