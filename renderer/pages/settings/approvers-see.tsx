/** What this person lets approvers read beside the arguments of a call. */
import type { Enclose, Settings } from "#bridge/app.ts";
import { RadioRows } from "../../parts/radio.tsx";
import { attempt } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { enclosureWords as words } from "../../text/enclosure.ts";

const choices: readonly Enclose[] = ["nothing", "message", "message-and-file"];

export const ApproversSee = ({ settings }: { readonly settings: Settings }) => (
  <section className="setting" aria-labelledby="approvers-see-title">
    <h2 id="approvers-see-title">{words.settingTitle}</h2>
    <RadioRows
      label={words.setting}
      help={words.settingHelp}
      value={settings.enclose}
      onPick={(enclose) => void attempt(() => request("settings.set", { enclose: enclose as Enclose }))}
      options={choices.map((value) => ({ value, ...words.choices[value] }))}
    />
  </section>
);
