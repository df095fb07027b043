/** Creating a workspace: a name, and where its sync server runs. */
import { RadioGroup } from "radix-ui";
import { useId, useState } from "react";
import { Button, Field, Note, Pick, Problem, TextField } from "../../parts/basic.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { chooseWorkspace } from "../../state/route.ts";
import { createWords as words } from "../../text/app.ts";
import { commonWords } from "../../text/common.ts";

export const CreateForm = ({ onBack, inDialog }: { readonly onBack: () => void; readonly inDialog?: boolean }) => {
  const [name, setName] = useState("");
  const [kind, setKind] = useState<"embedded" | "url">("embedded");
  const [reach, setReach] = useState<"computer" | "network">("computer");
  const [url, setUrl] = useState("");
  const [tried, setTried] = useState(false);
  const action = useAction("inline");

  const submit = () => {
    setTried(true);
    if (name.trim() === "" || (kind === "url" && url.trim() === "")) return;
    void action.run(async () => {
      const { wid } = await request("workspace.create", { name: name.trim(), server: kind === "embedded" ? { kind, reach } : { kind, url: url.trim() } });
      chooseWorkspace(wid);
      onBack();
    });
  };

  return (
    <form
      className="stack wide"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {inDialog !== true && <h1>{words.title}</h1>}
      <TextField label={words.name} value={name} onValue={setName} maxLength={80} autoFocus problem={tried && name.trim() === "" ? words.nameNeeded : null} />
      <div className="field">
        <span className="field-label" id="server-label">
          {words.server}
        </span>
        <span className="help">{words.serverWhy}</span>
        <RadioGroup.Root className="radios" aria-labelledby="server-label" value={kind} onValueChange={(next) => setKind(next === "url" ? "url" : "embedded")}>
          <Radio value="embedded" label={words.embedded} why={words.embeddedWhy} />
          <Radio value="url" label={words.url} why={words.urlWhy} />
        </RadioGroup.Root>
      </div>
      {kind === "embedded" ? (
        <Field label={words.reach}>
          {(wiring) => (
            <Pick
              wiring={wiring}
              value={reach}
              onPick={(next) => setReach(next === "network" ? "network" : "computer")}
              options={[
                { value: "computer", label: words.reachComputer },
                { value: "network", label: words.reachNetwork },
              ]}
            />
          )}
        </Field>
      ) : (
        <TextField label={words.address} value={url} onValue={setUrl} inputMode="url" placeholder="https://" problem={tried && url.trim() === "" ? words.addressNeeded : null} />
      )}
      <Problem error={action.problem} />
      <div className="row">
        <Button onClick={onBack}>{inDialog === true ? commonWords.cancel : commonWords.back}</Button>
        <span className="grow" />
        <Button type="submit" look="primary" busy={action.busy}>
          {words.submit}
        </Button>
      </div>
      {action.busy && <Note>{commonWords.loading}</Note>}
    </form>
  );
};

const Radio = ({ value, label, why }: { readonly value: string; readonly label: string; readonly why: string }) => {
  const id = useId();
  return (
    <div className="radio-row">
      <RadioGroup.Item id={id} value={value} className="radio" aria-describedby={`${id}-why`}>
        <RadioGroup.Indicator />
      </RadioGroup.Item>
      <div>
        <label htmlFor={id}>{label}</label>
        <p className="faint" id={`${id}-why`}>
          {why}
        </p>
      </div>
    </div>
  );
};
