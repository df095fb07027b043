/** A form for calling one tool directly, through the same gate as the agent. */
import { ArrowLeft } from "lucide-react";
import { useMemo, useState } from "react";
import { Button, Field, IconButton, Note } from "../../parts/basic.tsx";
import { Boundary, BoundaryIcon } from "../../parts/boundary.tsx";
import { SchemaFields } from "../../parts/schema-fields.tsx";
import { formFromSchema, readForm, readJson, startValues, type FormValues } from "../../parts/schema-model.ts";
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
  const model = useMemo(() => formFromSchema(choice.tool.inputSchema), [choice]);
  const [raw, setRaw] = useState(model.kind === "json");
  const [values, setValues] = useState<FormValues>(() => (model.kind === "fields" ? startValues(choice.tool.inputSchema, model.fields) : {}));
  const [text, setText] = useState("{}");
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  const action = useAction();

  const submit = () => {
    const read = raw || model.kind === "json" ? readJson(text) : readForm(model.fields, values);
    if (!read.ok) {
      setProblems(read.problems);
      return;
    }
    setProblems({});
    void action.run(() => request("thread.callTool", { thread, server: choice.server.id, tool: choice.tool.name, args: read.args })).then((ok) => ok && onClose(true));
  };

  const toggleRaw = () => {
    if (!raw && model.kind === "fields") {
      const read = readForm(model.fields, values);
      setText(read.ok ? JSON.stringify(JSON.parse(read.args), null, 2) : "{}");
    }
    setProblems({});
    setRaw(!raw);
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
        {model.kind === "fields" && (
          <button type="button" className="link faint" onClick={toggleRaw}>
            {raw ? words.fields : words.raw}
          </button>
        )}
      </header>
      <div className="tool-form-body">
        {choice.tool.description !== "" && <p className="quiet tool-about">{choice.tool.description}</p>}
        {raw || model.kind === "json" ? (
          <Field label={words.json} problem={problems[""]} {...(model.kind === "json" ? { help: words.jsonHelp } : {})}>
            {(wiring) => <textarea className="input code" rows={8} value={text} onChange={(event) => setText(event.target.value)} spellCheck={false} {...wiring} />}
          </Field>
        ) : (
          <SchemaFields fields={model.fields} values={values} problems={problems} onChange={setValues} path="" />
        )}
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
  if (effect.kind === "allow") return <Boundary side="private" text={words.allow} detail={<p>{rule}</p>} />;
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
