/** Creating a workspace: a name, and where its sync server runs. */
import { useState } from "react";
import { told } from "#bridge/told.ts";
import { Failure } from "../../failure.ts";
import { Field, Pick, Problem, TextField } from "../../parts/basic.tsx";
import { RadioRows } from "../../parts/radio.tsx";
import { StepForm } from "../../parts/step-form.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { chooseWorkspace, route } from "../../state/route.ts";
import { saidFailed } from "../../state/toasts.ts";
import { createWords as words } from "../../text/app.ts";
import { commonWords } from "../../text/common.ts";

export const CreateForm = ({ onBack, inDialog }: { readonly onBack: () => void; readonly inDialog?: boolean }) => {
  const [name, setName] = useState("");
  const [kind, setKind] = useState<"embedded" | "url">("embedded");
  const [reach, setReach] = useState<"computer" | "network" | null>(null);
  const [url, setUrl] = useState("");
  const [unnamed, setUnnamed] = useState<"confirm" | "ask" | null>(null);
  const [tried, setTried] = useState(false);
  const action = useAction("inline");

  // Who approves for others must be able to come in.
  const reached = reach ?? (unnamed === "ask" ? "network" : "computer");

  const submit = () => {
    setTried(true);
    if (unnamed === null || name.trim() === "" || (kind === "url" && url.trim() === "")) return;
    void action.run(async () => {
      const since = route.get();
      const { wid, problem } = await request("workspace.create", {
        name: name.trim(),
        server: kind === "embedded" ? { kind, reach: reached } : { kind, url: url.trim() },
        unnamed,
      });
      if (problem !== null) saidFailed(new Failure(told("unnamed-unset", problem)));
      chooseWorkspace(wid, since);
      onBack();
    });
  };

  return (
    <StepForm
      title={inDialog === true ? null : words.title}
      action={action}
      back={inDialog === true ? commonWords.cancel : commonWords.back}
      onBack={onBack}
      verb={words.submit}
      onNext={submit}
    >
      <TextField
        label={words.name}
        value={name}
        onValue={setName}
        maxLength={80}
        autoFocus
        problem={tried && name.trim() === "" ? words.nameNeeded : null}
      />
      <RadioRows
        label={words.unnamed}
        value={unnamed ?? ""}
        invalid={tried && unnamed === null}
        onPick={(next) => setUnnamed(next === "confirm" ? "confirm" : "ask")}
        options={[
          { value: "confirm", label: words.justMe, why: words.justMeWhy },
          { value: "ask", label: words.eachOther, why: words.eachOtherWhy },
        ]}
      >
        <Problem plain error={tried && unnamed === null ? told("needs-unnamed") : null} />
      </RadioRows>
      <RadioRows
        label={words.server}
        help={words.serverWhy}
        value={kind}
        onPick={(next) => setKind(next === "url" ? "url" : "embedded")}
        options={[
          { value: "embedded", label: words.embedded, why: words.embeddedWhy },
          { value: "url", label: words.url, why: words.urlWhy },
        ]}
      />
      {kind === "embedded" ? (
        <Field label={words.reach}>
          {(wiring) => (
            <Pick
              wiring={wiring}
              value={reached}
              onPick={(next) => setReach(next === "network" ? "network" : "computer")}
              options={[
                { value: "computer", label: words.reachComputer },
                { value: "network", label: words.reachNetwork },
              ]}
            />
          )}
        </Field>
      ) : (
        <TextField
          label={words.address}
          help={words.addressHelp}
          value={url}
          onValue={setUrl}
          inputMode="url"
          placeholder="https://"
          problem={tried && url.trim() === "" ? words.addressNeeded : null}
        />
      )}
    </StepForm>
  );
};
