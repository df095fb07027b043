/** A form for calling one tool directly, through the same gate as the agent. What is typed is in the draft, however it is left. */
import { ArrowLeft } from "lucide-react";
import { useEffect, useRef } from "react";
import { ARGS_MAX } from "#bridge/limits.ts";
import type { CallDraft } from "#bridge/thread.ts";
import { WHY_MAX } from "#bridge/card.ts";
import { ArgumentFields, useArgumentsForm, type TypedArguments } from "../../parts/arguments-form.tsx";
import { Button, IconButton, Note, Problem } from "../../parts/basic.tsx";
import { Boundary, BoundaryIcon } from "../../parts/boundary.tsx";
import { WhyField, whyParam } from "../../parts/enclosed.tsx";
import { goToFirstProblem } from "../../parts/first-problem.ts";
import { Limit } from "../../parts/limit.tsx";
import { useAction } from "../../state/action.ts";
import { request, useTopic } from "../../state/host.ts";
import { queueName, type ToolChoice } from "../../state/tool-choice.ts";
import { boundaryWords, commonWords } from "../../text/common.ts";
import { toolFormWords as words } from "../../text/thread.ts";
import { factWords } from "../../text/facts.ts";

interface ToolFormProps {
  readonly wid: string;
  readonly thread: string;
  readonly choice: ToolChoice;
  /** What was typed before. */
  readonly call: CallDraft;
  readonly onTyped: (typed: Partial<Pick<CallDraft, "values" | "raw" | "why">>) => void;
  readonly onClose: (called: boolean) => void;
}

export const ToolForm = ({ wid, thread, choice, call, onTyped, onClose }: ToolFormProps) => {
  const kept = keptIn(call);
  const action = useAction("inline");
  const form = useArgumentsForm(choice.tool.inputSchema, kept === null ? call.raw : null, {
    kept,
    onTyped: ({ values, raw }) => {
      action.clear();
      onTyped({ values: JSON.stringify(values), raw });
    },
  });
  const asks = choice.tool.effect.kind === "ask";
  const place = useRef<HTMLFormElement>(null);
  const now = form.read();
  const length = now.ok ? now.args.length : 0;
  const tooLong = length > ARGS_MAX || (asks && call.why.trim().length > WHY_MAX);

  useEffect(() => firstField(place.current)?.focus({ preventScroll: true }), []);

  const submit = () => {
    const args = form.submit();
    if (args === null) return goToFirstProblem(place.current);
    if (tooLong || choice.tool.effect.kind === "deny" || action.busy) return;
    void action
      .run(() =>
        request("thread.callTool", {
          thread,
          server: choice.server.id,
          tool: choice.tool.name,
          args,
          ...(asks ? whyParam(call.why) : {}),
        }),
      )
      .then((ok) => ok && onClose(true));
  };

  return (
    <form
      ref={place}
      className="composer-box tool-form"
      aria-label={choice.path}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.stopPropagation();
          onClose(false);
        } else if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) submit();
      }}
      noValidate
    >
      <header className="row">
        <IconButton name={words.back} size="small" onClick={() => onClose(false)}>
          <ArrowLeft className="icon" aria-hidden />
        </IconButton>
        <h2 className="mono cut">
          <span className="quiet">{choice.server.name}.</span>
          {choice.tool.name}
        </h2>
        <span className="grow" />
        {form.toggleRaw !== null && (
          <button type="button" className="link faint" onClick={form.toggleRaw}>
            {form.raw ? words.fields : words.raw}
          </button>
        )}
      </header>
      <div className="tool-form-body">
        {choice.tool.description !== "" && <p className="quiet tool-about">{choice.tool.description}</p>}
        <ArgumentFields {...form.props} />
        <Limit length={length} max={ARGS_MAX} />
        {asks && (
          <WhyField
            value={call.why}
            onValue={(why) => {
              action.clear();
              onTyped({ why });
            }}
          />
        )}
        <Problem error={action.problem} />
      </div>
      <footer className="composer-foot">
        <Consequence wid={wid} choice={choice} />
        <div className="row">
          <Button size="small" onClick={() => onClose(false)}>
            {commonWords.cancel}
          </Button>
          <Button
            type="submit"
            look="primary"
            size="small"
            busy={action.busy}
            disabled={choice.tool.effect.kind === "deny" || tooLong}
          >
            {words.call}
          </Button>
        </div>
      </footer>
    </form>
  );
};

/** Null where nothing was typed yet: the form then begins with the values of the schema, or of the call that is taken up. */
const keptIn = (call: CallDraft): TypedArguments | null =>
  call.values === "" ? null : { values: JSON.parse(call.values) as TypedArguments["values"], raw: call.raw };

const firstField = (form: HTMLElement | null): HTMLElement | null =>
  form?.querySelector<HTMLElement>(".tool-form-body :is(input, textarea, select)") ??
  form?.querySelector<HTMLElement>('button[type="submit"]') ??
  null;

const Consequence = ({ wid, choice }: { readonly wid: string; readonly choice: ToolChoice }) => {
  const queues = useTopic("tools", wid)?.queues;
  const { effect } = choice.tool;
  const rule = factWords(choice.tool.rule);
  if (effect.kind === "deny")
    return (
      <span className="faint" title={rule}>
        {words.deny} {rule}
      </span>
    );
  if (effect.kind === "allow" || effect.kind === "confirm")
    return (
      <Boundary side="private" text={effect.kind === "allow" ? words.allow : words.confirm} detail={<p>{rule}</p>} />
    );
  return (
    <Boundary
      side="sealed"
      text={boundaryWords.sealed}
      detail={
        <div className="stack">
          <p>{words.ask(queueName(queues, effect.queue))}</p>
          <Note icon={<BoundaryIcon side="sealed" />}>{rule}</Note>
        </div>
      }
    />
  );
};
