/** Values of a launch. They are typed here, kept by this computer, and never synced. */
import { TextField } from "../../parts/basic.tsx";
import { Boundary } from "../../parts/boundary.tsx";
import { boundaryWords } from "../../text/common.ts";
import { addServerWords as words } from "../../text/tools.ts";

/** An empty field changes nothing: what was filled in before stays. */
const withValue = (values: Record<string, string>, name: string, value: string): Record<string, string> => {
  const { [name]: _before, ...rest } = values;
  return value === "" ? rest : { ...rest, [name]: value };
};

interface EnvFieldsProps {
  readonly env: readonly { readonly name: string; readonly secret: boolean }[];
  readonly filled?: readonly string[];
  readonly values: Record<string, string>;
  readonly onChange: (values: Record<string, string>) => void;
}

export const EnvFields = ({ env, filled = [], values, onChange }: EnvFieldsProps) => (
  <div className="stack">
    <div className="row wrap">
      <span className="label-caps">{words.values}</span>
      <Boundary side="private" text={boundaryWords.private} detail={<p>{words.valuesHelp}</p>} />
    </div>
    {env.map((each) => (
      <TextField
        key={each.name}
        label={each.name}
        type={each.secret ? "password" : "text"}
        className="input mono"
        placeholder={filled.includes(each.name) ? "••••••••" : each.name === "HOME" ? words.homeFolder : ""}
        value={values[each.name] ?? ""}
        onValue={(value) => onChange(withValue(values, each.name, value))}
      />
    ))}
  </div>
);
