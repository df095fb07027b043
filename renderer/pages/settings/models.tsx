/** Models: what answers in threads, where it runs, and whether it works. */
import { Ellipsis, Plus, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Told } from "#bridge/told.ts";
import type { ModelView } from "#bridge/model.ts";
import { Button, IconButton, Problem } from "../../parts/basic.tsx";
import { Boundary } from "../../parts/boundary.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { Menu, type MenuEntry } from "../../parts/menu.tsx";
import { attempt, useAction } from "../../state/action.ts";
import { request, useTopic } from "../../state/host.ts";
import { saidDone } from "../../state/toasts.ts";
import { placeWords } from "../../text/places.ts";
import { settingsWords as words } from "../../text/settings.ts";
import { AddModel } from "./add-model.tsx";

export const Models = () => {
  const view = useTopic("models");
  const [adding, setAdding] = useState(false);
  return (
    <section className="setting" aria-labelledby="models-title">
      <header className="row">
        <h2 id="models-title" className="grow">
          {words.models}
        </h2>
        <Button icon={<Plus className="icon small" aria-hidden />} onClick={() => setAdding(true)}>
          {words.addModel}
        </Button>
      </header>
      <p className="quiet">{words.modelsWhy}</p>
      {view !== undefined && view.models.length === 0 && <p className="faint">{words.noModels}</p>}
      {view !== undefined && view.models.length > 0 && (
        <ul className="rows">
          {view.models.map((model) => (
            <ModelRow key={model.id} model={model} />
          ))}
        </ul>
      )}
      <Detected />
      {adding && <AddModel onClose={() => setAdding(false)} />}
    </section>
  );
};

const ModelRow = ({ model }: { readonly model: ModelView }) => {
  const [removing, setRemoving] = useState(false);
  const [vouching, setVouching] = useState(false);
  const [problem, setProblem] = useState<Told | null>(null);
  const action = useAction();
  const test = () =>
    void action.run(async () => {
      const tested = await request("model.test", { model: model.id });
      setProblem(tested.problem);
      if (tested.ok) saidDone(words.testOk(model.name));
    });
  return (
    <li className="row-item model-row">
      <div className="row wrap">
        <div className="grow model-name">
          <p className="row">
            <span className="strong cut">{model.name}</span>
            {model.isDefault && <span className="chip accent">{words.isDefault}</span>}
          </p>
          <p className="faint">
            {words.providers[model.kind]} · <span className="mono-small">{model.model}</span>
            {model.baseUrl !== null && ` · ${model.baseUrl}`}
            {model.hasKey && ` · ${words.hasKey}`}
          </p>
        </div>
        <Boundary side={model.place.kind === "here" ? "private" : "leaves"} text={placeWords.short(model.place)} />
        <Button size="small" busy={action.busy} onClick={test}>
          {words.test}
        </Button>
        <Menu
          align="end"
          trigger={
            <IconButton size="small" name={words.modelActions(model.name)}>
              <Ellipsis className="icon" aria-hidden />
            </IconButton>
          }
          entries={[
            {
              kind: "item",
              label: words.setDefault,
              off: model.isDefault ? words.defaultAlready : null,
              onSelect: () =>
                attempt(() =>
                  request("model.setDefault", { model: model.id }).then(() => saidDone(words.newThreads(model.name))),
                ),
            },
            ...vouch(model, () => setVouching(true)),
            { kind: "line" },
            {
              kind: "item",
              label: words.removeModel,
              danger: true,
              icon: <Trash2 className="icon small" aria-hidden />,
              onSelect: () => setRemoving(true),
            },
          ]}
        />
      </div>
      <Problem error={problem} />
      <Confirm
        open={removing}
        onClose={() => setRemoving(false)}
        title={words.removeModelTitle(model.name)}
        verb={words.removeModel}
        work={() => request("model.remove", { model: model.id })}
      >
        {words.removeModelWhy} {model.isDefault && words.removeDefaultWhy}
      </Confirm>
      <Confirm
        open={vouching}
        onClose={() => setVouching(false)}
        title={words.runsHereTitle(model.name)}
        verb={words.runsHereVerb}
        work={() => request("model.setRunsHere", { model: model.id, runsHere: true })}
      >
        {words.runsHereWhy(model.place.host)}
      </Confirm>
    </li>
  );
};

/** Only of a program on this computer that does not say it itself can its person say where the model runs. */
const vouch = (model: ModelView, ask: () => void): MenuEntry[] => {
  if (model.runsHere)
    return [
      {
        kind: "item",
        label: words.runsHereNot,
        onSelect: () => attempt(() => request("model.setRunsHere", { model: model.id, runsHere: false })),
      },
    ];
  return model.place.kind === "program" ? [{ kind: "item", label: words.runsHere, onSelect: ask }] : [];
};

const Detected = () => {
  const detected = useTopic("models")?.detected ?? [];
  const action = useAction();
  const use = (kind: ModelView["kind"], baseUrl: string, model: string) =>
    attempt(() => request("model.add", { kind, name: model, model, baseUrl, key: null }));
  return (
    <div className="stack tight">
      <div className="row">
        <h3 className="label-caps grow">{words.detected}</h3>
        <Button
          size="small"
          look="plain"
          busy={action.busy}
          icon={<RefreshCw className="icon small" aria-hidden />}
          onClick={() => void action.run(() => request("model.detect", {}))}
        >
          {words.detect}
        </Button>
      </div>
      <p className="faint">{detected.length === 0 ? words.noneDetected : words.detectedWhy}</p>
      {detected.map((server) => (
        <div key={server.baseUrl} className="row wrap">
          <span className="faint">
            {words.providers[server.kind]} · {server.baseUrl}
          </span>
          {server.models.map((model) => (
            <Button key={model.name} size="small" onClick={() => use(server.kind, server.baseUrl, model.name)}>
              {model.to === null ? words.use(model.name) : words.useThrough(model.name, model.to)}
            </Button>
          ))}
        </div>
      ))}
    </div>
  );
};
