/** Changing an own call before it begins: the tool's form, what it changes, and what happens to votes. */
import { useState } from "react";
import { ARGS_MAX } from "#bridge/limits.ts";
import type { CallView } from "#bridge/call.ts";
import { useAction } from "../state/action.ts";
import { request, useTopic } from "../state/host.ts";
import { takeUp } from "../state/take-up.ts";
import { isRising, readyTools } from "../state/tool-choice.ts";
import { boundaryWords } from "../text/common.ts";
import { editWords as words } from "../text/edit.ts";
import { toolFormWords } from "../text/thread.ts";
import { againWords } from "../text/typed.ts";
import { sameArguments } from "./argument-difference.ts";
import { ArgumentFields, useArgumentsForm } from "./arguments-form.tsx";
import { Note } from "./basic.tsx";
import { Boundary } from "./boundary.tsx";
import { ChangedArguments } from "./changed-arguments.tsx";
import { Dialog } from "./dialog.tsx";
import { DialogForm } from "./dialog-form.tsx";
import { Limit } from "./limit.tsx";
import type { Schema } from "./schema-model.ts";

export const isEditable = (call: CallView): boolean =>
  call.state === "confirming" || call.state === "queued" || call.state === "waiting" || call.state === "approved";

interface EditCallProps {
  readonly wid: string;
  readonly thread: string;
  readonly call: CallView;
  readonly onClose: () => void;
}

export const EditCall = ({ wid, thread, call, onClose }: EditCallProps) => {
  const tools = useTopic("tools", wid);
  const ready = readyTools(tools).find((choice) => choice.server.id === call.serverId && choice.tool.name === call.tool)
    ?.tool.inputSchema;
  const rising = isRising(tools, call.serverId);
  // What somebody is writing outlives a server that restarts meanwhile; the host judges again when it is sent.
  const [schema, setSchema] = useState(ready);
  if (schema === undefined && ready !== undefined) setSchema(ready);
  return (
    <Dialog open onClose={onClose} title={words.title} description={words.about(`${call.server}.${call.tool}`)} wide>
      {schema !== undefined ? (
        <EditForm key={call.id} thread={thread} call={call} schema={schema} onClose={onClose} />
      ) : !isEditable(call) ? (
        <Note tone="waiting">{words.began}</Note>
      ) : (
        <Note tone="waiting">{rising ? words.starting : words.notReady}</Note>
      )}
    </Dialog>
  );
};

interface EditFormProps {
  readonly thread: string;
  readonly call: CallView;
  readonly schema: Schema;
  readonly onClose: () => void;
}

const EditForm = ({ thread, call, schema, onClose }: EditFormProps) => {
  // What somebody is writing stays, whatever becomes of the call meanwhile.
  const [start] = useState(call.args);
  const action = useAction("inline");
  // A button that takes an item of a list away changes no field.
  const form = useArgumentsForm(schema, start, { kept: null, onTyped: action.clear });
  const now = form.read();
  const changed = now.ok && !sameArguments(call.args, now.args);
  const length = now.ok ? now.args.length : 0;
  const late = !isEditable(call);
  const asked = call.request !== null;

  const submit = () => {
    const args = form.submit();
    if (args === null || !changed || args.length > ARGS_MAX) return;
    if (late) {
      takeUp(thread, { server: call.serverId, tool: call.tool, args, why: call.enclosed?.why ?? "" });
      return onClose();
    }
    void action.run(() => request("call.edit", { thread, call: call.id, args })).then((ok) => ok && onClose());
  };
  return (
    <DialogForm
      action={action}
      onSend={submit}
      onCancel={onClose}
      verb={late ? againWords.asNew : asked ? words.askAgain : words.apply}
      disabled={!changed || length > ARGS_MAX}
      aside={<Boundary side="sealed" text={boundaryWords.sealed} />}
      aria-label={words.form}
      onKeyDown={(event) => event.key === "Enter" && (event.metaKey || event.ctrlKey) && submit()}
    >
      {form.toggleRaw !== null && (
        <div className="row">
          <span className="grow" />
          <button type="button" className="link faint" onClick={form.toggleRaw}>
            {form.raw ? toolFormWords.fields : toolFormWords.raw}
          </button>
        </div>
      )}
      <ArgumentFields {...form.props} />
      <Limit length={length} max={ARGS_MAX} />
      {changed ? (
        <ChangedArguments title={words.whatChanged} before={call.args} after={now.args} />
      ) : (
        <p className="faint">{words.nothingYet}</p>
      )}
      <Note tone="waiting">{late ? againWords.began : asked ? words.asksAgain : words.judgedAgain}</Note>
    </DialogForm>
  );
};
