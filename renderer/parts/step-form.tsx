/** One step on the way into a workspace: what is asked or shown, the way back on the left, and on at the right. */
import type { ReactNode } from "react";
import type { Code } from "#bridge/answer.ts";
import { Button, Field, Problem } from "./basic.tsx";
import { goToFirstProblem } from "./first-problem.ts";

interface StepFormProps {
  /** Null where the dialog around it says so already. */
  readonly title: string | null;
  readonly problem: Code | null;
  readonly back: string;
  readonly onBack: () => void;
  readonly verb: string;
  readonly onNext: () => void;
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly children?: ReactNode;
}

export const StepForm = ({
  title,
  problem,
  back,
  onBack,
  verb,
  onNext,
  busy = false,
  disabled = false,
  children,
}: StepFormProps) => (
  <form
    className="stack wide"
    noValidate
    onSubmit={(event) => {
      event.preventDefault();
      onNext();
      goToFirstProblem(event.currentTarget);
    }}
  >
    {title !== null && <h1>{title}</h1>}
    {children}
    <Problem error={problem} />
    <div className="row">
      <Button onClick={onBack}>{back}</Button>
      <span className="grow" />
      <Button type="submit" look="primary" busy={busy} disabled={disabled}>
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
