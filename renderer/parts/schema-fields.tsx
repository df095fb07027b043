/** Draws the fields of a form model. */
import { toolFormWords as words } from "../text/thread.ts";
import { Field, Pick } from "./basic.tsx";
import type { FormField, FormValues } from "./schema-model.ts";

interface SchemaFieldsProps {
  readonly fields: readonly FormField[];
  readonly values: FormValues;
  readonly problems: Readonly<Record<string, string>>;
  readonly onChange: (values: FormValues) => void;
  readonly path: string;
}

export const SchemaFields = ({ fields, values, problems, onChange, path }: SchemaFieldsProps) => (
  <div className="stack">
    {fields.map((field) =>
      field.kind === "group" ? (
        <fieldset key={field.name} className="group">
          <legend>{field.label}</legend>
          {field.help !== null && <p className="faint">{field.help}</p>}
          <SchemaFields
            fields={field.fields}
            values={values}
            problems={problems}
            onChange={onChange}
            path={`${path}${field.name}.`}
          />
        </fieldset>
      ) : (
        <Field
          key={field.name}
          label={field.label}
          required={field.required}
          problem={problems[path + field.name]}
          {...(helpOf(field) === null ? {} : { help: helpOf(field) })}
        >
          {(wiring) => (
            <Control
              field={field}
              value={values[path + field.name]}
              wiring={wiring}
              onChange={(value) => onChange(changed(values, path + field.name, value))}
            />
          )}
        </Field>
      ),
    )}
  </div>
);

type Value = FormValues[string] | undefined;

const changed = (values: FormValues, path: string, value: Value): FormValues => {
  const { [path]: _old, ...rest } = values;
  return value === undefined ? rest : { ...rest, [path]: value };
};

const helpOf = (field: FormField): string | null =>
  field.kind === "texts" ? [field.help, words.lines].filter((each) => each !== null).join(" ") : field.help;

interface ControlProps {
  readonly field: Exclude<FormField, { kind: "group" }>;
  readonly value: Value;
  readonly wiring: object;
  readonly onChange: (value: Value) => void;
}

const Control = ({ field, value, wiring, onChange }: ControlProps) => {
  const text = typeof value === "string" ? value : "";
  const unset = field.required ? [] : [{ value: "", label: words.notSet }];
  switch (field.kind) {
    case "boolean":
      return (
        <Pick
          wiring={wiring}
          value={typeof value === "boolean" ? String(value) : field.required ? "false" : ""}
          options={[...unset, { value: "true", label: words.yes }, { value: "false", label: words.no }]}
          onPick={(next) => onChange(next === "" ? undefined : next === "true")}
        />
      );
    case "choice":
      return (
        <Pick
          wiring={wiring}
          value={text}
          options={[
            { value: "", label: words.notSet },
            ...field.options.map((option) => ({ value: String(option), label: String(option) })),
          ]}
          onPick={(next) => onChange(next === "" ? undefined : next)}
        />
      );
    case "texts":
      return (
        <textarea
          className="input code"
          rows={3}
          value={Array.isArray(value) ? value.join("\n") : ""}
          onChange={(event) => onChange(event.target.value === "" ? undefined : event.target.value.split("\n"))}
          spellCheck={false}
          {...wiring}
        />
      );
    case "json":
      return (
        <textarea
          className="input code"
          rows={4}
          value={text}
          onChange={(event) => onChange(event.target.value)}
          spellCheck={false}
          {...wiring}
        />
      );
    case "number":
      return (
        <input
          className="input"
          inputMode="decimal"
          value={text}
          onChange={(event) => onChange(event.target.value)}
          autoComplete="off"
          {...wiring}
        />
      );
    case "text":
      return field.long ? (
        <textarea
          className="input code"
          rows={4}
          value={text}
          onChange={(event) => onChange(event.target.value)}
          spellCheck={false}
          {...wiring}
        />
      ) : (
        <input
          className="input"
          value={text}
          onChange={(event) => onChange(event.target.value)}
          autoComplete="off"
          spellCheck={false}
          {...wiring}
        />
      );
  }
};
