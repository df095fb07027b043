/** Adding a server: paste, look, start once, set who must be asked, add. */
import { ScrollText } from "lucide-react";
import { useState } from "react";
import type { Result } from "#bridge/contract.ts";
import type { Effect } from "#bridge/policy.ts";
import type { ToolView, ToolsView } from "#bridge/tool.ts";
import { valuesOf } from "#bridge/launch.ts";
import { Button, Field, Note, Pick, TextField } from "../../parts/basic.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { DialogForm, InSight } from "../../parts/dialog-form.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { saidDone } from "../../state/toasts.ts";
import { commonWords } from "../../text/common.ts";
import { factWords } from "../../text/facts.ts";
import { addServerWords as words } from "../../text/tools.ts";
import { EnvFields } from "./env-fields.tsx";
import { launchLine } from "./launch.ts";
import { ListedTools } from "./listed-tools.tsx";
import { PROBE, ServerOutput } from "./server-log.tsx";

type Found = Result<"server.parse">;
type FoundServer = Found["servers"][number];

export const AddServer = ({ tools, onClose }: { readonly tools: ToolsView; readonly onClose: () => void }) => {
  const [found, setFound] = useState<Found | null>(null);
  return (
    <Dialog open wide onClose={onClose} title={words.title}>
      {found === null ? (
        <Paste onFound={setFound} onClose={onClose} />
      ) : (
        <Configure tools={tools} found={found} onBack={() => setFound(null)} onClose={onClose} />
      )}
    </Dialog>
  );
};

const Paste = ({ onFound, onClose }: { readonly onFound: (found: Found) => void; readonly onClose: () => void }) => {
  const [text, setText] = useState("");
  const [none, setNone] = useState(false);
  const action = useAction("inline");
  const read = () =>
    void action.run(async () => {
      const found = await request("server.parse", { text });
      setNone(found.servers.length === 0);
      if (found.servers.length > 0) onFound(found);
    });
  return (
    <DialogForm action={action} onSend={read} onCancel={onClose} verb={words.read} disabled={text.trim() === ""}>
      <Field label={words.pasteLabel} help={words.pasteHelp} problem={none ? words.nothing : null}>
        {(wiring) => (
          <textarea
            className="input code"
            rows={7}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setNone(false);
            }}
            spellCheck={false}
            autoFocus
            {...wiring}
          />
        )}
      </Field>
    </DialogForm>
  );
};

interface ConfigureProps {
  readonly tools: ToolsView;
  readonly found: Found;
  readonly onBack: () => void;
  readonly onClose: () => void;
}

const Configure = ({ tools, found, onBack, onClose }: ConfigureProps) => {
  const [index, setIndex] = useState(0);
  const server = found.servers[index];
  return (
    <div className="stack">
      {found.ignored
        .map((each) => factWords(each))
        .map((text) => (
          <Note key={text}>{words.ignored(text)}</Note>
        ))}
      {found.servers.length > 1 && (
        <Field label={words.choose}>
          {(wiring) => (
            <Pick
              wiring={wiring}
              value={String(index)}
              onPick={(next) => setIndex(Number(next))}
              options={found.servers.map((each, at) => ({ value: String(at), label: each.name }))}
            />
          )}
        </Field>
      )}
      {server !== undefined && (
        <ConfigureOne key={index} tools={tools} server={server} onBack={onBack} onClose={onClose} />
      )}
    </div>
  );
};

interface ConfigureOneProps extends Omit<ConfigureProps, "found"> {
  readonly server: FoundServer;
}

const ConfigureOne = ({ tools, server, onBack, onClose }: ConfigureOneProps) => {
  const [name, setName] = useState(server.name);
  const [values, setValues] = useState(server.values);
  const [listed, setListed] = useState<readonly ToolView[] | null>(null);
  const [left, setLeft] = useState<readonly string[]>([]);
  const [effects, setEffects] = useState<Record<string, Effect>>({});
  const [tries, setTries] = useState(0);
  const action = useAction("inline");
  const env = valuesOf(server.launch);

  const probe = () => {
    setTries(tries + 1);
    void action.run(async () => {
      const probed = await request("server.probe", {
        wid: tools.wid,
        name: name.trim(),
        launch: server.launch,
        values,
      });
      setEffects(Object.fromEntries(probed.tools.map((tool) => [tool.name, tool.effect])));
      setListed(probed.tools);
      setLeft(probed.left.map((why) => factWords(why)));
    });
  };
  const add = (shares: boolean) =>
    void action
      .run(() =>
        request("server.add", { wid: tools.wid, name: name.trim(), launch: server.launch, values, effects, shares }),
      )
      .then((ok) => {
        if (!ok) return;
        saidDone(words.added(name.trim()));
        onClose();
      });

  return (
    <>
      <div className="field">
        <span className="field-label">{words.command}</span>
        <pre className="scroll-text" tabIndex={0} aria-label={words.command} role="region">
          {launchLine(server.launch)}
        </pre>
      </div>
      {server.kept.length > 0 && <Note>{words.kept(server.kept.map((place) => factWords(place)))}</Note>}
      {listed === null ? (
        <div className="stack" onChange={action.clear}>
          <TextField label={words.name} value={name} onValue={setName} maxLength={80} />
          {env.length > 0 && <EnvFields env={env} values={values} onChange={setValues} />}
          <Note>{words.runs}</Note>
        </div>
      ) : (
        <ListedTools
          tools={tools}
          listed={listed}
          left={left}
          effects={effects}
          onEffects={(next) => {
            setEffects(next);
            action.clear();
          }}
        />
      )}
      <InSight error={action.problem} />
      {action.problem !== null && listed === null && <ProbeOutput key={tries} wid={tools.wid} />}
      {action.busy && listed === null && (
        <p className="faint late" role="status">
          {words.probing}
        </p>
      )}
      <div className="dialog-foot">
        <Button onClick={onBack}>{words.again}</Button>
        <span className="grow" />
        <Button onClick={onClose}>{commonWords.cancel}</Button>
        {action.problem?.code === "launch-secret" && (
          <Button look="danger" busy={action.busy} onClick={() => add(true)}>
            {words.share}
          </Button>
        )}
        {listed === null ? (
          <Button look="primary" busy={action.busy} disabled={name.trim() === ""} onClick={probe}>
            {words.probe}
          </Button>
        ) : (
          <Button look="primary" busy={action.busy} onClick={() => add(false)}>
            {words.add}
          </Button>
        )}
      </div>
    </>
  );
};

const ProbeOutput = ({ wid }: { readonly wid: string }) => {
  const [open, setOpen] = useState(false);
  return open ? (
    <ServerOutput wid={wid} server={PROBE} label={words.output} />
  ) : (
    <div className="row end">
      <Button size="small" icon={<ScrollText className="icon small" aria-hidden />} onClick={() => setOpen(true)}>
        {words.output}
      </Button>
    </div>
  );
};
