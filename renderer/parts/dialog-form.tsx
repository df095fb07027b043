/** The form of a dialog: what is filled in, what is wrong with it, and the two buttons that leave it. */
import { useEffect, useRef, type ComponentProps, type ReactNode } from "react";
import type { Told } from "#bridge/told.ts";
import type { Action } from "../state/action.ts";
import { commonWords } from "../text/common.ts";
import { Button, Problem } from "./basic.tsx";
import { goToFirstProblem } from "./first-problem.ts";

interface DialogFormProps extends Omit<ComponentProps<"form">, "action" | "className" | "onSubmit"> {
  /** Runs what is sent: the button turns while it lasts, and its failure stands above the buttons until something is changed. */
  readonly action: Action;
  /** Where the failure has better words here than the ones it came with. */
  readonly problem?: Told | null;
  readonly onSend: () => void;
  readonly onCancel: () => void;
  readonly verb: string;
  readonly cancel?: string;
  /** Nothing can be sent yet. */
  readonly disabled?: boolean;
  /** Stands beside the buttons: what leaves this computer, or another way on. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

export const DialogForm = ({
  action,
  problem = action.problem,
  onSend,
  onCancel,
  verb,
  cancel = commonWords.cancel,
  disabled = false,
  aside,
  onChange,
  children,
  ...rest
}: DialogFormProps) => (
  <form
    className="stack"
    noValidate
    onChange={(event) => {
      action.clear();
      onChange?.(event);
    }}
    onSubmit={(event) => {
      event.preventDefault();
      onSend();
      goToFirstProblem(event.currentTarget);
    }}
    {...rest}
  >
    {children}
    <InSight error={problem} />
    <div className="dialog-foot">
      {aside !== undefined && (
        <>
          {aside}
          <span className="grow" />
        </>
      )}
      <div className="row">
        <Button onClick={onCancel}>{cancel}</Button>
        <Button type="submit" look="primary" busy={action.busy} disabled={disabled}>
          {verb}
        </Button>
      </div>
    </div>
  </form>
);

/** A long form may be scrolled away from what is wrong with it. */
export const InSight = ({ error }: { readonly error: Told | null }) => {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error !== null) place.current?.scrollIntoView({ block: "nearest" });
  }, [error]);
  return error === null ? null : (
    <div ref={place}>
      <Problem error={error} />
    </div>
  );
};
