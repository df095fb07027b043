/**
 * A form made from a tool's JSON Schema. Pure: a schema becomes fields, and what was typed becomes the exact JSON text
 * of the call or a sentence per field. What a form cannot show faithfully becomes a JSON editor for that value.
 */
export type Schema = Readonly<Record<string, unknown>>;
interface FieldBase {
    readonly name: string;
    readonly label: string;
    readonly help: string | null;
    readonly required: boolean;
}
export type FormField = FieldBase & ({
    readonly kind: "text";
    readonly long: boolean;
    readonly minLength: number;
    readonly maxLength: number | null;
    readonly pattern: string | null;
} | {
    readonly kind: "number";
    readonly whole: boolean;
    readonly minimum: number | null;
    readonly maximum: number | null;
} | {
    readonly kind: "boolean";
} | {
    readonly kind: "choice";
    readonly options: readonly (string | number)[];
} | {
    readonly kind: "texts";
} | {
    readonly kind: "group";
    readonly fields: readonly FormField[];
} | {
    readonly kind: "json";
});
export type FormModel = {
    readonly kind: "fields";
    readonly fields: readonly FormField[];
} | {
    readonly kind: "json";
};
/** What is typed, by path (`a`, `a.b`): text as typed, a list of texts, or on and off. A path left out is not sent. */
export type FormValues = Readonly<Record<string, string | boolean | readonly string[]>>;
export type FormResult = {
    readonly ok: true;
    readonly args: string;
} | {
    readonly ok: false;
    readonly problems: Readonly<Record<string, string>>;
};
export declare const formFromSchema: (schema: Schema) => FormModel;
/** What the schema says a field starts with. */
export declare const startValues: (schema: Schema, fields: readonly FormField[], path?: string) => FormValues;
export declare const readForm: (fields: readonly FormField[], values: FormValues) => FormResult;
/** The raw editor: any JSON object. */
export declare const readJson: (text: string) => FormResult;
export {};
