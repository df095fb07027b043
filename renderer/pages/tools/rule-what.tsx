/** Which tools a rule is about: of every server, or of one: all of them, some, or all but some. */
import { useState } from "react";
import type { PolicyView } from "#bridge/policy.ts";
import { CheckField, Field, Pick } from "../../parts/basic.tsx";
import { ruleWords as words } from "../../text/rules.ts";
import type { RuleDraft, Which } from "./rule-draft.ts";

const EVERY = "*";
const UNSET = "";
/** More tools than this get a field to find them by. */
const FIND_FROM = 12;

interface RuleWhatProps {
  readonly policy: PolicyView;
  readonly draft: RuleDraft;
  readonly onChange: (part: Partial<RuleDraft>) => void;
}

export const RuleWhat = ({ policy, draft, onChange }: RuleWhatProps) => {
  const server = policy.servers.find((each) => each.id === draft.server);
  const unset = (label: string, still: boolean) => (still ? [{ value: UNSET, label }] : []);
  return (
    <>
      <div className="two">
        <Field label={words.server}>
          {(wiring) => (
            <Pick
              value={draft.server === undefined ? UNSET : (draft.server ?? EVERY)}
              options={[
                ...unset(words.chooseServer, draft.server === undefined),
                ...policy.servers.map((each) => ({ value: each.id, label: each.name })),
                { value: EVERY, label: words.everyServer },
              ]}
              onPick={(id) => onChange({ server: id === EVERY ? null : id, which: null, tools: [] })}
              wiring={wiring}
            />
          )}
        </Field>
        <Field label={words.tool}>
          {(wiring) => (
            <Pick
              value={server === undefined ? EVERY : (draft.which ?? UNSET)}
              disabled={server === undefined}
              options={
                server === undefined
                  ? [{ value: EVERY, label: draft.server === undefined ? words.chooseServerFirst : words.everyTool }]
                  : [...unset(words.chooseTools, draft.which === null), ...words.which]
              }
              onPick={(which) => onChange({ which: which as Which, ...(which === "every" ? { tools: [] } : {}) })}
              wiring={wiring}
            />
          )}
        </Field>
      </div>
      {server !== undefined && (draft.which === "only" || draft.which === "but") && (
        <ToolList names={server.tools} chosen={draft.tools} onChange={(tools) => onChange({ tools })} />
      )}
    </>
  );
};

interface ToolListProps {
  readonly names: readonly string[];
  readonly chosen: readonly string[];
  readonly onChange: (tools: string[]) => void;
}

/** A tool that is chosen and no longer there stays in the list, so that it can be taken out. */
const ToolList = ({ names, chosen, onChange }: ToolListProps) => {
  const [find, setFind] = useState("");
  const all = [...names, ...chosen.filter((tool) => !names.includes(tool))];
  const shown = all.filter((tool) => tool.toLowerCase().includes(find.trim().toLowerCase()));
  return (
    <fieldset className="group stack">
      <legend className="field-label strong">{words.chosenTools(chosen.length)}</legend>
      {all.length > FIND_FROM && (
        <input
          className="input"
          aria-label={words.findTool}
          placeholder={words.findTool}
          value={find}
          onChange={(event) => setFind(event.target.value)}
          spellCheck={false}
          autoComplete="off"
        />
      )}
      <div className="checks tool-checks">
        {shown.map((tool) => (
          <CheckField
            key={tool}
            label={tool}
            checked={chosen.includes(tool)}
            onChange={(on) => onChange(on ? [...chosen, tool] : chosen.filter((each) => each !== tool))}
          />
        ))}
      </div>
    </fieldset>
  );
};
