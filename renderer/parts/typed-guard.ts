/**
 * Whether something was typed into the fields of a dialog, told by the fields themselves: so no form has to say it, and
 * none can forget to. A field that is there and says what it said at first was not typed in.
 */
import { useRef, type FormEvent, type FocusEvent } from "react";

type TextField = HTMLInputElement | HTMLTextAreaElement;
const PLAIN = new Set(["text", "search", "url", "email", "tel", "number", "password"]);
const isTextField = (target: EventTarget | null): target is TextField =>
  (target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && PLAIN.has(target.type))) &&
  !target.readOnly;

export interface TypedGuard {
  /** Is something in `place` that closing it would throw away? */
  typed(place: HTMLElement | null): boolean;
  readonly wiring: {
    readonly onFocusCapture: (event: FocusEvent) => void;
    readonly onInputCapture: (event: FormEvent) => void;
  };
}

export const useTypedGuard = (): TypedGuard => {
  const first = useRef(new WeakMap<TextField, string>());
  const touched = useRef(new Set<TextField>());
  const typed = (place: HTMLElement | null): boolean => {
    const fields = [...(place?.querySelectorAll("input, textarea") ?? [])].filter(isTextField);
    // What only shows a result has no field to write in: what led to it was sent.
    if (fields.length === 0) return false;
    return [...touched.current].some((field) => field.value !== (first.current.get(field) ?? ""));
  };
  return {
    typed,
    wiring: {
      onFocusCapture: ({ target }) => {
        if (isTextField(target) && !first.current.has(target)) first.current.set(target, target.value);
      },
      onInputCapture: ({ target }) => {
        if (isTextField(target)) touched.current.add(target);
      },
    },
  };
};
