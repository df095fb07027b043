/** Conditions of a rule on arguments, which are chosen from what the tools say that they take. */
import { X } from "lucide-react";
import { useEffect, useState } from "react";
import type { Condition, RuleArguments } from "#bridge/policy.ts";
import { Button, IconButton, Pick } from "../../parts/basic.tsx";
import { request } from "../../state/host.ts";
import { ruleWords as words } from "../../text/rules.ts";
import { CONDITIONS_MAX, emptyCondition } from "./rule-draft.ts";

const OTHER = "*";
const UNSET = "";

/** The arguments of the chosen tools; null while they are not known. */
export const useArguments = (wid: string, about: About | null): RuleArguments | null => {
  const key = about === null ? null : JSON.stringify(about);
  const [answer, setAnswer] = useState<{ key: string; found: RuleArguments } | null>(null);
  useEffect(() => {
    if (key === null) return undefined;
    let left = false;
    request("policy.arguments", { wid, ...(JSON.parse(key) as About) }).then(
      (found) => !left && setAnswer({ key, found }),
      // The condition can be written without suggestions.
      () => undefined,
    );
    return () => {
      left = true;
    };
  }, [wid, key]);
  return answer !== null && answer.key === key ? answer.found : null;
};
interface About {
  readonly server: string | null;
  readonly tools: readonly string[];
  readonly except: boolean;
}

interface RuleConditionsProps {
  readonly conditions: readonly Condition[];
  readonly args: RuleArguments | null;
  readonly onChange: (conditions: Condition[]) => void;
}

export const RuleConditions = ({ conditions, args, onChange }: RuleConditionsProps) => (
  <fieldset className="group stack">
    <legend className="field-label strong">{words.conditions}</legend>
    <p className="faint">{conditions.length === 0 ? words.noConditions : words.conditionsHelp}</p>
    {conditions.map((condition, index) => (
      <Row
        key={index}
        number={index + 1}
        condition={condition}
        args={args}
        onChange={(part) => onChange(conditions.map((each, at) => (at === index ? { ...each, ...part } : each)))}
        onRemove={() => onChange(conditions.filter((_, at) => at !== index))}
      />
    ))}
    <div>
      <Button
        size="small"
        disabled={conditions.length >= CONDITIONS_MAX}
        onClick={() => onChange([...conditions, emptyCondition])}
      >
        {words.addCondition}
      </Button>
    </div>
  </fieldset>
);

interface RowProps {
  readonly number: number;
  readonly condition: Condition;
  readonly args: RuleArguments | null;
  readonly onChange: (part: Partial<Condition>) => void;
  readonly onRemove: () => void;
}

const Row = ({ number, condition, args, onChange, onRemove }: RowProps) => {
  const [other, setOther] = useState(false);
  const known = args?.args ?? [];
  const listed = known.some(({ path }) => path === condition.path);
  const typed = known.length === 0 || other || (condition.path !== "" && !listed);
  const options = [
    ...(condition.path === "" && !typed ? [{ value: UNSET, label: words.chooseArgument }] : []),
    ...known.map(({ path, types, tools }) => ({
      value: path,
      label: words.argument(path, types, tools, args?.known ?? 0),
    })),
    { value: OTHER, label: words.otherArgument },
  ];
  return (
    <div className="row wrap condition">
      {known.length > 0 && (
        <Pick
          name={words.path(number)}
          value={typed ? OTHER : condition.path}
          options={options}
          onPick={(path) => {
            setOther(path === OTHER);
            onChange({ path: path === OTHER ? "" : path });
          }}
        />
      )}
      {typed && (
        <input
          className="input mono"
          aria-label={known.length > 0 ? words.pathName(number) : words.path(number)}
          placeholder={words.pathHint}
          value={condition.path}
          maxLength={200}
          onChange={(event) => onChange({ path: event.target.value })}
          spellCheck={false}
          autoComplete="off"
        />
      )}
      <Pick
        name={words.op(number)}
        value={condition.op}
        options={words.ops}
        onPick={(op) => onChange({ op: op as Condition["op"] })}
      />
      <input
        className="input mono grow"
        aria-label={words.value(number)}
        placeholder={words.hint(condition.op)}
        value={condition.value}
        maxLength={1_000}
        onChange={(event) => onChange({ value: event.target.value })}
        spellCheck={false}
        autoComplete="off"
      />
      <IconButton name={words.removeCondition(number)} size="small" onClick={onRemove}>
        <X className="icon" aria-hidden />
      </IconButton>
    </div>
  );
};
