/** A form for calling one tool directly, through the same gate as the agent. */
import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { ArgumentFields, useArgumentsForm } from "../../parts/arguments-form.tsx";
import { Button, IconButton, Note } from "../../parts/basic.tsx";
import { Boundary, BoundaryIcon } from "../../parts/boundary.tsx";
import { WhyField, whyParam } from "../../parts/enclosed.tsx";
import { useAction } from "../../state/action.ts";
import { request, useTopic } from "../../state/host.ts";
import { queueName, type ToolChoice } from "../../state/tool-choice.ts";
import { boundaryWords, commonWords } from "../../text/common.ts";
import { toolFormWords as words } from "../../text/thread.ts";

interface ToolFormProps {
  readonly wid: string;
  readonly thread: string;
  readonly choice: ToolChoice;
  readonly onClose: (called: boolean) => void;
}

export const ToolForm = ({ wid, thread, choice, onClose }: ToolFormProps) => {
  const form = useArgumentsForm(choice.tool.inputSchema, null);
  const [why, setWhy] = useState("");
  const asks = choice.tool.effect.kind === "ask";
  const action = useAction();

  const submit = () => {
    const args = form.submit();
    if (args === null) return;
    void action.run(() => request("thread.callTool", { thread, server: choice.server.id, tool: choice.tool.name, args, ...(asks ? whyParam(why) : {}) })).then((ok) => ok && onClose(true));
  };

  return (
    <form
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
        {asks && <WhyField value={why} onValue={setWhy} />}
      </div>
      <footer className="composer-foot">
        <Consequence wid={wid} choice={choice} />
        <div className="row">
          <Button size="small" onClick={() => onClose(false)}>
            {commonWords.cancel}
          </Button>
          <Button type="submit" look="primary" size="small" busy={action.busy} disabled={choice.tool.effect.kind === "deny"}>
            {words.call}
          </Button>
        </div>
      </footer>
    </form>
  );
};

const Consequence = ({ wid, choice }: { readonly wid: string; readonly choice: ToolChoice }) => {
  const queues = useTopic("tools", wid)?.queues;
  const { effect, rule } = choice.tool;
  if (effect.kind === "deny")
    return (
      <span className="faint" title={rule}>
        {words.deny} {rule}
      </span>
    );
  if (effect.kind === "allow" || effect.kind === "confirm") return <Boundary side="private" text={effect.kind === "allow" ? words.allow : words.confirm} detail={<p>{rule}</p>} />;
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
