/** Settings: the person, models, appearance, notifications, this workspace. */
import { RadioGroup } from "radix-ui";
import { useState } from "react";
import type { AppView, Settings } from "#bridge/app.ts";
import { Button, TextField, Toggle } from "../../parts/basic.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { Facts } from "../../parts/facts.tsx";
import { ReachSetting } from "../../parts/reach.tsx";
import { Radio } from "../../parts/radio.tsx";
import { attempt, useAction } from "../../state/action.ts";
import { request, useTopic } from "../../state/host.ts";
import { addingDevice, keysOpen } from "../../state/panels.ts";
import { askToNotify } from "../../state/shell.ts";
import { saidDone } from "../../state/toasts.ts";
import { offerWords } from "../../text/pair.ts";
import { settingsWords as words } from "../../text/settings.ts";
import { ApproversSee } from "./approvers-see.tsx";
import { Checkpoint } from "./checkpoint.tsx";
import { Models } from "./models.tsx";
import { ReportProblem } from "./report-problem.tsx";
import { ThisDevice } from "./this-device.tsx";
import { factWords } from "../../text/facts.ts";

export const SettingsPage = ({ app, wid }: { readonly app: AppView; readonly wid: string }) => (
  <>
    <header className="page-head">
      <h1>{words.title}</h1>
      <span className="grow" />
      <button type="button" className="link faint" onClick={() => keysOpen.set(true)}>
        {words.keyList}
      </button>
    </header>
    <div className="page-scroll">
      <div className="page-column settings">
        <You app={app} />
        <ThisDevice app={app} wid={wid} />
        <Models />
        <Appearance settings={app.settings} />
        <Notifications settings={app.settings} />
        <ApproversSee settings={app.settings} />
        <WorkspaceSettings app={app} wid={wid} />
        <ReportProblem />
      </div>
    </div>
  </>
);

const save = (settings: Partial<Settings>) => attempt(() => request("settings.set", settings));

const You = ({ app }: { readonly app: AppView }) => {
  const saved = app.person?.name ?? "";
  const [name, setName] = useState(saved);
  const action = useAction("inline");
  return (
    <section className="setting" aria-labelledby="you-title">
      <h2 id="you-title">{words.you}</h2>
      <form
        className="row name-row"
        onChange={action.clear}
        onSubmit={(event) => {
          event.preventDefault();
          void action.run(async () => saidDone(words.nameSaved(await request("profile.set", { name: name.trim() }))));
        }}
      >
        <div className="grow">
          <TextField
            label={words.name}
            value={name}
            onValue={setName}
            maxLength={80}
            problem={action.problem === null ? undefined : factWords(action.problem)}
          />
        </div>
        <Button type="submit" busy={action.busy} disabled={name.trim() === "" || name.trim() === saved}>
          {words.saveName}
        </Button>
      </form>
      <Facts
        facts={[
          [words.shell, app.shell.detail],
          [words.version, app.version],
        ]}
      />
    </section>
  );
};

const Appearance = ({ settings }: { readonly settings: Settings }) => (
  <section className="setting" aria-labelledby="look-title">
    <h2 id="look-title">{words.appearance}</h2>
    <RadioGroup.Root
      className="segments"
      aria-label={words.theme}
      value={settings.theme}
      onValueChange={(theme) => save({ theme: theme as Settings["theme"] })}
    >
      {(["system", "light", "dark"] as const).map((theme) => (
        <Radio key={theme} value={theme} label={words.themes[theme]} />
      ))}
    </RadioGroup.Root>
  </section>
);

const Notifications = ({ settings }: { readonly settings: Settings }) => (
  <section className="setting" aria-labelledby="notify-title">
    <h2 id="notify-title">{words.notifications}</h2>
    <div className="setting-rows">
      <Toggle
        label={words.notify}
        help={words.notifyWhy}
        checked={settings.notifications}
        onChange={(notifications) => {
          if (notifications) askToNotify();
          save({ notifications });
        }}
      />
      <Toggle
        label={words.takeBack}
        help={words.takeBackWhy}
        checked={settings.takeBackSeconds > 0}
        onChange={(on) => save({ takeBackSeconds: on ? 5 : 0 })}
      />
    </div>
  </section>
);

const WorkspaceSettings = ({ app, wid }: { readonly app: AppView; readonly wid: string }) => {
  const workspace = app.workspaces.find((each) => each.wid === wid);
  const status = useTopic("status", wid);
  const [forgetting, setForgetting] = useState(false);
  const action = useAction();
  if (workspace === undefined) return null;
  const cannotAdd = status?.canPair.allowed === false ? factWords(status.canPair.why) : undefined;
  const paused = status?.link === "offline" && status.reason?.code === "paused";
  return (
    <section className="setting" aria-labelledby="workspace-title">
      <h2 id="workspace-title">
        {words.workspace}: {workspace.name}
      </h2>
      <dl className="facts">
        <div>
          <dt>{words.server}</dt>
          <dd className="mono">{workspace.server}</dd>
        </div>
        <Checkpoint wid={wid} />
      </dl>
      <div className="setting-rows">
        <Toggle
          label={words.offline}
          help={words.offlineWhy}
          checked={paused}
          disabled={status === undefined}
          onChange={(next) => attempt(() => request("workspace.pause", { wid, paused: next }))}
        />
        <ReachSetting wid={wid} />
        <div className="row setting-row">
          <div className="grow">
            <div className="setting-name">{offerWords.title}</div>
            <div className="faint">{cannotAdd ?? offerWords.settingsWhy}</div>
          </div>
          <Button disabled={cannotAdd !== undefined} title={cannotAdd} onClick={() => addingDevice.set(true)}>
            {offerWords.add}
          </Button>
        </div>
      </div>
      <div className="row wrap">
        <Button
          busy={action.busy}
          disabled={paused}
          onClick={() => void action.run(() => request("workspace.reconnect", { wid }))}
        >
          {words.reconnect}
        </Button>
        <Button look="danger" onClick={() => setForgetting(true)}>
          {words.forget}
        </Button>
      </div>
      <Confirm
        open={forgetting}
        onClose={() => setForgetting(false)}
        title={words.forgetTitle(workspace.name)}
        verb={words.forget}
        work={() => request("workspace.forget", { wid })}
      >
        {words.forgetWhy}
      </Confirm>
    </section>
  );
};
