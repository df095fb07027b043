/** One of several: a radio with its label, alone or as rows that say what each means. */
import { RadioGroup } from "radix-ui";
import { useId, type ReactNode } from "react";

interface RadioProps {
  readonly value: string;
  readonly label: string;
  /** What it means, or why it cannot be chosen. */
  readonly why?: string | undefined;
  readonly disabled?: boolean | undefined;
}

const RadioButton = ({ id, value, why, disabled }: Omit<RadioProps, "label"> & { readonly id: string }) => (
  <RadioGroup.Item
    id={id}
    value={value}
    className="radio"
    disabled={disabled ?? false}
    aria-describedby={why === undefined ? undefined : `${id}-why`}
  >
    <RadioGroup.Indicator />
  </RadioGroup.Item>
);

export const Radio = ({ value, label }: Pick<RadioProps, "value" | "label">) => {
  const id = useId();
  return (
    <span className="segment">
      <RadioButton id={id} value={value} />
      <label htmlFor={id}>{label}</label>
    </span>
  );
};

interface RadioRowsProps {
  readonly label: string;
  readonly help?: string;
  /** A heading says it already; it is still read out. */
  readonly hideLabel?: boolean;
  readonly value: string;
  readonly onPick: (value: string) => void;
  readonly options: readonly RadioProps[];
  /** One must be chosen, and none is: the focus goes there. */
  readonly invalid?: boolean;
  /** Below the rows. */
  readonly children?: ReactNode;
}

export const RadioRows = ({
  label,
  help,
  hideLabel = false,
  value,
  onPick,
  options,
  invalid = false,
  children,
}: RadioRowsProps) => {
  const id = useId();
  return (
    <div className="field">
      <span className={hideLabel ? "hidden-text" : "field-label"} id={id}>
        {label}
      </span>
      {help !== undefined && <span className="help">{help}</span>}
      <RadioGroup.Root
        className="radios"
        aria-labelledby={id}
        aria-invalid={invalid || undefined}
        value={value}
        onValueChange={onPick}
      >
        {options.map((option) => (
          <RadioRow key={option.value} {...option} />
        ))}
      </RadioGroup.Root>
      {children}
    </div>
  );
};

const RadioRow = ({ label, ...rest }: RadioProps) => {
  const id = useId();
  return (
    <div className="radio-row">
      <RadioButton id={id} {...rest} />
      <div>
        <label htmlFor={id}>{label}</label>
        {rest.why !== undefined && (
          <p className="faint" id={`${id}-why`}>
            {rest.why}
          </p>
        )}
      </div>
    </div>
  );
};
