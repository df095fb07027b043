/** Adding a model by its endpoint and key. */
import { useState } from "react";
import type { ModelView } from "#bridge/model.ts";
import { Field, Pick, TextField } from "../../parts/basic.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { DialogForm } from "../../parts/dialog-form.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { settingsWords as words } from "../../text/settings.ts";

const KINDS = ["openai", "anthropic", "openai-compatible", "ollama", "lm-studio"] as const;
const needsUrl = (kind: ModelView["kind"]): boolean => kind !== "openai" && kind !== "anthropic";
const needsKey = (kind: ModelView["kind"]): boolean => kind === "openai" || kind === "anthropic";

export const AddModel = ({ onClose }: { readonly onClose: () => void }) => {
  const [kind, setKind] = useState<ModelView["kind"]>("openai-compatible");
  const [name, setName] = useState("");
  const [model, setModel] = useState("");
  const [baseUrl, setBaseUrl] = useState("");
  const [key, setKey] = useState("");
  const [tried, setTried] = useState(false);
  const action = useAction("inline");
  const missing = (text: string, needed: boolean) => (tried && needed && text.trim() === "" ? words.needed : null);
  const submit = () => {
    setTried(true);
    if (model.trim() === "" || (needsUrl(kind) && baseUrl.trim() === "") || (needsKey(kind) && key.trim() === ""))
      return;
    void action
      .run(() =>
        request("model.add", {
          kind,
          name: name.trim() === "" ? model.trim() : name.trim(),
          model: model.trim(),
          baseUrl: needsUrl(kind) ? baseUrl.trim() : null,
          key: key.trim() === "" ? null : key.trim(),
        }),
      )
      .then((ok) => ok && onClose());
  };
  return (
    <Dialog open onClose={onClose} title={words.addTitle}>
      <DialogForm action={action} onSend={submit} onCancel={onClose} verb={words.add}>
        <Field label={words.provider}>
          {(wiring) => (
            <Pick
              wiring={wiring}
              value={kind}
              onPick={(next) => setKind(next as ModelView["kind"])}
              options={KINDS.map((each) => ({ value: each, label: words.providers[each] }))}
            />
          )}
        </Field>
        {needsUrl(kind) && (
          <TextField
            label={words.baseUrl}
            help={words.baseUrlHelp}
            value={baseUrl}
            onValue={setBaseUrl}
            inputMode="url"
            problem={missing(baseUrl, true)}
          />
        )}
        <TextField label={words.modelId} value={model} onValue={setModel} problem={missing(model, true)} />
        <TextField label={words.modelName} help={words.modelNameHelp} value={name} onValue={setName} maxLength={80} />
        <TextField
          label={words.key}
          help={needsKey(kind) ? words.keyHelp : `${words.keyHelp} ${words.keyOptional}`}
          type="password"
          value={key}
          onValue={setKey}
          problem={missing(key, needsKey(kind))}
        />
      </DialogForm>
    </Dialog>
  );
};
