/** The arguments of a call as fields made from the tool's schema, or as JSON where fields cannot show them. */
import { useMemo, useState } from "react";
import { Field } from "./basic.tsx";
import { valuesFrom } from "./form-values.ts";
import { SchemaFields } from "./schema-fields.tsx";
import { formFromSchema, readForm, readJson, startValues, type FormResult, type FormValues, type Schema } from "./schema-model.ts";
import { toolFormWords as words } from "../text/thread.ts";

export interface ArgumentsForm {
  /** What is written now: the exact arguments, or what is wrong with which field. */
  read(): FormResult;
  /** The same, and says at each field what is wrong with it. */
  submit(): string | null;
  readonly raw: boolean;
  /** Null where there is only JSON. */
  readonly toggleRaw: (() => void) | null;
  readonly props: ArgumentFieldsProps;
}

/** `start` is the text of a call that is changed, or null for a new one. */
export const useArgumentsForm = (schema: Schema, start: string | null): ArgumentsForm => {
  const model = useMemo(() => formFromSchema(schema), [schema]);
  const first = useMemo(() => (model.kind === "json" ? null : start === null ? startValues(schema, model.fields) : valuesFrom(start, model.fields)), [model, schema, start]);
  const [raw, setRaw] = useState(first === null);
  const [values, setValues] = useState<FormValues>(first ?? {});
  const [text, setText] = useState(() => (start === null ? "{}" : pretty(start)));
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});

  const read = (): FormResult => (raw || model.kind === "json" ? readJson(text) : readForm(model.fields, values));
  const submit = (): string | null => {
    const result = read();
    setProblems(result.ok ? {} : result.problems);
    return result.ok ? result.args : null;
  };
  const toggleRaw = (): void => {
    if (model.kind === "json") return;
    const result = read();
    if (!raw) setText(result.ok ? pretty(result.args) : "{}");
    // What fields cannot say stays in the editor that can.
    const shown = raw && start !== null && result.ok ? valuesFrom(result.args, model.fields) : null;
    if (raw && start !== null && shown === null) return;
    if (shown !== null) setValues(shown);
    setProblems({});
    setRaw(!raw);
  };
  return { read, submit, raw, toggleRaw: model.kind === "json" ? null : toggleRaw, props: { fields: raw || model.kind === "json" ? null : model.fields, schemaless: model.kind === "json", values, problems, text, onValues: setValues, onText: setText } };
};

interface ArgumentFieldsProps {
  /** Null for the JSON editor. */
  readonly fields: Parameters<typeof SchemaFields>[0]["fields"] | null;
  readonly schemaless: boolean;
  readonly values: FormValues;
  readonly problems: Readonly<Record<string, string>>;
  readonly text: string;
  readonly onValues: (values: FormValues) => void;
  readonly onText: (text: string) => void;
}

export const ArgumentFields = ({ fields, schemaless, values, problems, text, onValues, onText }: ArgumentFieldsProps) =>
  fields === null ? (
    <Field label={words.json} problem={problems[""]} {...(schemaless ? { help: words.jsonHelp } : {})}>
      {(wiring) => <textarea className="input code" rows={8} value={text} onChange={(event) => onText(event.target.value)} spellCheck={false} {...wiring} />}
    </Field>
  ) : (
    <SchemaFields fields={fields} values={values} problems={problems} onChange={onValues} path="" />
  );

/** Text that is not plain JSON is left as it is: laying it out anew could change what it says. */
const pretty = (args: string): string => {
  try {
    const value: unknown = JSON.parse(args);
    return JSON.stringify(value) === args ? JSON.stringify(value, null, 2) : args;
  } catch {
    return args;
  }
};
