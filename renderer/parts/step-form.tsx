/** One step on the way into a workspace: what is asked or shown, the way back on the left, and on at the right. */
import type { ReactNode } from "react";
import type { Told } from "#bridge/told.ts";
import type { Action } from "../state/action.ts";
import { Button, Field } from "./basic.tsx";
import { InSight } from "./dialog-form.tsx";
import { goToFirstProblem } from "./first-problem.ts";

interface StepFormProps {
  /** Null where the dialog around it says so already. */
  readonly title: string | null;
  /** Runs the step, where there is something to run: its failure stands above the buttons until something is changed. */
  readonly action?: Action;
  readonly problem?: Told | null;
  readonly back: string;
  readonly onBack: () => void;
  readonly verb: string;
  readonly onNext: () => void;
  readonly disabled?: boolean;
  readonly children?: ReactNode;
}

export const StepForm = ({
  title,
  action,
  problem = action?.problem ?? null,
  back,
  onBack,
  verb,
  onNext,
  disabled = false,
  children,
}: StepFormProps) => (
  <form
    className="stack wide"
    noValidate
    onChange={action?.clear}
    onSubmit={(event) => {
      event.preventDefault();
      onNext();
      goToFirstProblem(event.currentTarget);
    }}
  >
    {title !== null && <h1>{title}</h1>}
    {children}
    <InSight error={problem} />
    <div className="row">
      <Button onClick={onBack}>{back}</Button>
      <span className="grow" />
      <Button type="submit" look="primary" busy={action?.busy} disabled={disabled}>
        {verb}
      </Button>
    </div>
  </form>
);

interface CodeFieldProps {
  readonly label: string;
  readonly help: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

/** A link or a code, pasted whole. */
export const CodeField = ({ label, help, value, onValue }: CodeFieldProps) => (
  <Field label={label} help={help}>
    {(wiring) => (
      <textarea
        className="input code"
        rows={4}
        value={value}
        onChange={(event) => onValue(event.target.value)}
        spellCheck={false}
        autoFocus
        {...wiring}
      />
    )}
  </Field>
);
