/**
 * How a call's arguments are laid out for a person who must judge them. The layout never decides what runs: the exact
 * text does, and it stays one click away. Characters that could disguise a text are made visible.
 */
export interface ArgumentField {
    readonly name: string;
    readonly kind: "short" | "long";
    readonly text: string;
}
export interface ArgumentView {
    readonly fields: readonly ArgumentField[];
    /** Size of the exact text, bytes of UTF-8. */
    readonly bytes: number;
    /** Why the fields alone may mislead, so that the exact text must be shown with them; null when they are faithful. */
    readonly doubt: "not-an-object" | "says-more" | null;
}
/** The text with every disguising character written out, as in `⟨U+202E⟩`. */
export declare const visible: (text: string) => string;
export declare const argumentView: (exact: string) => ArgumentView;
