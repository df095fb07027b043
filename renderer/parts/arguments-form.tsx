/** The arguments of a call as fields made from the tool's schema, or as JSON where fields cannot show them. */
import { useMemo, useRef, useState } from "react";
import { json } from "#core/protocol/parse.ts";
import { Field } from "./basic.tsx";
import { valuesFrom } from "./form-values.ts";
import { SchemaFields } from "./schema-fields.tsx";
import {
  formFromSchema,
  readForm,
  readJson,
  startValues,
  type FormField,
  type FormResult,
  type FormValues,
  type Schema,
} from "./schema-model.ts";
import { toolFormWords as words } from "../text/thread.ts";
import { limitWords } from "../text/typed.ts";

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

/** What stands in a form, as it is kept in a draft. */
export interface TypedArguments {
  readonly values: FormValues;
  /** What stands in the JSON editor, or null where the fields are open. */
  readonly raw: string | null;
}
interface Keeping {
  /** What was typed before, or null for a form that begins anew. */
  readonly kept: TypedArguments | null;
  readonly onTyped: (typed: TypedArguments) => void;
}

/** `start` is the text of a call that is changed, or null for a new one. */
export const useArgumentsForm = (
  schema: Schema,
  start: string | null,
  { kept, onTyped }: Keeping = FORGETFUL,
): ArgumentsForm => {
  const model = useMemo(() => formFromSchema(schema), [schema]);
  const first = useMemo(
    () =>
      model.kind === "json"
        ? null
        : start === null
          ? startValues(schema, model.fields)
          : valuesFrom(start, model.fields),
    [model, schema, start],
  );
  const [raw, setRaw] = useState(kept === null ? first === null : kept.raw !== null);
  const [values, setValues] = useState<FormValues>(kept?.values ?? first ?? {});
  const [text, setText] = useState(() => kept?.raw ?? (start === null ? "{}" : pretty(start)));
  /** What the JSON editor showed when it was opened: unchanged, it takes nothing from the fields. */
  const came = useRef<string | null>(null);
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});

  const read = (): FormResult => (raw || model.kind === "json" ? readJson(text) : readForm(model.fields, values));
  const submit = (): string | null => {
    const result = read();
    setProblems(result.ok ? {} : result.problems);
    return result.ok ? result.args : null;
  };
  const toggleRaw = (): void => {
    if (model.kind === "json") return;
    const next = raw ? backToFields(model.fields) : { values, raw: toJson(model.fields) };
    if (next === null) return;
    setValues(next.values);
    if (next.raw !== null) setText(next.raw);
    came.current = next.raw;
    setProblems({});
    setRaw(next.raw !== null);
    onTyped(next);
  };
  /** Where a field is not filled in rightly yet, the others are shown. */
  const toJson = (fields: readonly FormField[]): string => {
    const result = readForm(fields, values);
    const right = result.ok
      ? result
      : readForm(
          fields.filter(
            (field) =>
              !Object.keys(result.problems).some((path) => path === field.name || path.startsWith(`${field.name}.`)),
          ),
          values,
        );
    return right.ok ? pretty(right.args) : "{}";
  };
  /** What fields cannot say stays in the editor that can. */
  const backToFields = (fields: readonly FormField[]): TypedArguments | null => {
    if (text === came.current) return { values, raw: null };
    const result = readJson(text);
    const shown = result.ok ? valuesFrom(result.args, fields) : null;
    if (shown === null) setProblems(result.ok ? { "": limitWords.onlyJson } : result.problems);
    return shown === null ? null : { values: shown, raw: null };
  };
  const onValues = (next: FormValues): void => {
    setValues(next);
    onTyped({ values: next, raw: null });
  };
  const onText = (next: string): void => {
    setText(next);
    onTyped({ values, raw: next });
  };
  return {
    read,
    submit,
    raw,
    toggleRaw: model.kind === "json" ? null : toggleRaw,
    props: {
      fields: raw || model.kind === "json" ? null : model.fields,
      schemaless: model.kind === "json",
      values,
      problems,
      text,
      onValues,
      onText,
    },
  };
};

const FORGETFUL: Keeping = { kept: null, onTyped: () => undefined };

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
      {(wiring) => (
        <textarea
          className="input code"
          rows={8}
          value={text}
          onChange={(event) => onText(event.target.value)}
          spellCheck={false}
          {...wiring}
        />
      )}
    </Field>
  ) : (
    <SchemaFields fields={fields} values={values} problems={problems} onChange={onValues} path="" />
  );

/** Text that is not plain JSON is left as it is: laying it out anew could change what it says. */
const pretty = (args: string): string => {
  const value = json(args);
  return JSON.stringify(value) === args ? JSON.stringify(value, null, 2) : args;
};
