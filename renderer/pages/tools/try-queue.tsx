/** Sends a practice request: the way to see how an approval goes before anything depends on it. */
import { useState } from "react";
import { PRACTICE_ARGS_MAX } from "#bridge/limits.ts";
import { WHY_MAX } from "#bridge/card.ts";
import type { QueueView } from "#bridge/policy.ts";
import type { ToolsView } from "#bridge/tool.ts";
import { Field, Pick } from "../../parts/basic.tsx";
import { Boundary } from "../../parts/boundary.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { whyParam, WhyText } from "../../parts/enclosed.tsx";
import { DialogForm } from "../../parts/dialog-form.tsx";
import { Limit } from "../../parts/limit.tsx";
import { PracticeBanner } from "../../parts/practice-mark.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { goTo } from "../../state/route.ts";
import { saidDone } from "../../state/toasts.ts";
import { enclosureWords } from "../../text/enclosure.ts";
import { practiceWords as words } from "../../text/practice.ts";

const EXAMPLE = "example";

export const TryQueue = ({
  tools,
  queue,
  onClose,
}: {
  readonly tools: ToolsView;
  readonly queue: QueueView;
  readonly onClose: () => void;
}) => {
  const choices = tools.servers.flatMap((server) =>
    server.tools.map((tool) => ({
      value: `${server.id} ${tool.name}`,
      label: `${server.name}.${tool.name}`,
      server: server.id,
      tool: tool.name,
    })),
  );
  const [chosen, setChosen] = useState(EXAMPLE);
  const [args, setArgs] = useState<string>(words.sample);
  const [why, setWhy] = useState("");
  const action = useAction("inline");
  const send = async () => {
    const { server, tool } = choices.find((choice) => choice.value === chosen) ?? { server: null, tool: EXAMPLE };
    const sent = await request("practice.ask", {
      wid: tools.wid,
      queue: queue.id,
      server,
      tool,
      args,
      ...whyParam(why),
    });
    saidDone(words.sent);
    onClose();
    goTo({ page: "waiting", request: sent.request });
  };
  return (
    <Dialog open onClose={onClose} title={words.title(queue.name)} description={words.why}>
      <DialogForm
        action={action}
        onSend={() => void action.run(send)}
        onCancel={onClose}
        verb={words.send}
        disabled={args.length > PRACTICE_ARGS_MAX || why.trim().length > WHY_MAX}
      >
        <PracticeBanner />
        <Field label={words.tool}>
          {(wiring) => (
            <Pick
              value={chosen}
              options={[{ value: EXAMPLE, label: words.example }, ...choices]}
              onPick={setChosen}
              wiring={wiring}
            />
          )}
        </Field>
        <Field label={words.args} help={words.argsHelp}>
          {(wiring) => (
            <textarea
              className="input mono"
              rows={6}
              value={args}
              onChange={(event) => setArgs(event.target.value)}
              spellCheck={false}
              {...wiring}
            />
          )}
        </Field>
        <WhyText label={enclosureWords.practiceWhy} help={enclosureWords.practiceHelp} value={why} onValue={setWhy} />
        <Limit length={args.length} max={PRACTICE_ARGS_MAX} />
        <Boundary side="sealed" text={words.sealed} />
      </DialogForm>
    </Dialog>
  );
};
