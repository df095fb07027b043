/** The plain controls: button, field, problem, note, switch, check, select, empty place. */
import { AlertCircle, Check, Info, LoaderCircle } from "lucide-react";
import { Checkbox, Switch } from "radix-ui";
import { useId, type ButtonHTMLAttributes, type ComponentProps, type ReactNode } from "react";
import type { Told } from "#bridge/told.ts";
import { commonWords } from "../text/common.ts";
import { factWords } from "../text/facts.ts";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: "primary" | "plain" | "danger" | "danger primary" | undefined;
  readonly size?: "small" | undefined;
  readonly busy?: boolean | undefined;
  readonly icon?: ReactNode;
  readonly ref?: React.Ref<HTMLButtonElement> | undefined;
}

const classes = (...names: (string | false | undefined)[]): string => names.filter(Boolean).join(" ");

export const Button = ({
  look,
  size,
  busy,
  icon,
  className,
  children,
  disabled,
  type = "button",
  onClick,
  ...rest
}: ButtonProps) => (
  <button
    type={type}
    className={classes("button", look, size, className)}
    disabled={disabled}
    aria-busy={busy === true ? true : undefined}
    {...rest}
    // A button that is disabled while it works would lose the focus of whoever pressed it.
    {...(busy === true ? { "aria-disabled": true } : {})}
    onClick={busy === true ? (event) => event.preventDefault() : onClick}
  >
    {busy === true ? <LoaderCircle className="icon spin" aria-hidden /> : icon}
    {children}
  </button>
);

/** A button that is only an icon: its name is required. */
export const IconButton = ({
  name,
  children,
  look = "plain",
  className,
  ...rest
}: Omit<ButtonProps, "icon"> & { readonly name: string }) => (
  <Button look={look} className={classes("icon-only", className)} aria-label={name} title={name} {...rest}>
    {children}
  </Button>
);

export const Key = ({ children }: { readonly children: ReactNode }) => (
  <kbd className="keycap" aria-hidden>
    {children}
  </kbd>
);

export const Problem = ({ error, plain }: { readonly error: Told | null; readonly plain?: boolean }) =>
  error === null ? null : (
    <div className={classes("problem", plain === true && "plain")} role="alert">
      <AlertCircle className="icon small" aria-hidden />
      <span>{factWords(error)}</span>
    </div>
  );

export const Note = ({
  children,
  tone,
  icon,
}: {
  readonly children: ReactNode;
  readonly tone?: "waiting";
  readonly icon?: ReactNode;
}) => (
  <div className={classes("note", tone)}>
    {icon ?? <Info className="icon small" aria-hidden />}
    <div className="grow">{children}</div>
  </div>
);

interface FieldProps {
  readonly label: string;
  readonly help?: ReactNode;
  readonly problem?: string | null | undefined;
  readonly required?: boolean;
  readonly children: (wiring: {
    id: string;
    "aria-describedby": string | undefined;
    "aria-invalid": true | undefined;
    "aria-required": true | undefined;
  }) => ReactNode;
}

export const Field = ({ label, help, problem, required, children }: FieldProps) => {
  const id = useId();
  const wrong = problem !== undefined && problem !== null;
  const described = [help === undefined ? null : `${id}-help`, wrong ? `${id}-problem` : null]
    .filter((each) => each !== null)
    .join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {required === true && (
          <span aria-hidden className="faint">
            {` ${commonWords.required}`}
          </span>
        )}
      </label>
      {children({
        id,
        "aria-describedby": described === "" ? undefined : described,
        "aria-invalid": wrong ? true : undefined,
        "aria-required": required === true ? true : undefined,
      })}
      {help !== undefined && (
        <span className="help" id={`${id}-help`}>
          {help}
        </span>
      )}
      {wrong && (
        <div className="problem plain" id={`${id}-problem`} role="alert">
          <AlertCircle className="icon small" aria-hidden />
          {problem}
        </div>
      )}
    </div>
  );
};

interface TextFieldProps extends Omit<ComponentProps<"input">, "onChange" | "value"> {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly help?: ReactNode;
  readonly problem?: string | null | undefined;
}

export const TextField = ({ label, value, onValue, help, problem, required, ...rest }: TextFieldProps) => (
  <Field label={label} help={help} problem={problem} required={required ?? false}>
    {(wiring) => (
      <input
        className="input"
        value={value}
        onChange={(event) => onValue(event.target.value)}
        autoComplete="off"
        spellCheck={false}
        {...wiring}
        {...rest}
      />
    )}
  </Field>
);

interface PickProps {
  readonly value: string;
  readonly onPick: (value: string) => void;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly name?: string;
  readonly className?: string;
  readonly disabled?: boolean;
  readonly title?: string | undefined;
  readonly wiring?: object;
}

/** A native list: it works with every screen reader and keyboard, and on every platform as people know it. */
export const Pick = ({ value, onPick, options, name, className, wiring, ...rest }: PickProps) => (
  <select
    className={classes("input", className)}
    value={value}
    aria-label={name}
    onChange={(event) => onPick(event.target.value)}
    {...wiring}
    {...rest}
  >
    {options.map((option) => (
      <option key={option.value} value={option.value}>
        {option.label}
      </option>
    ))}
  </select>
);

export const Toggle = ({
  label,
  help,
  checked,
  onChange,
  disabled,
}: {
  readonly label: string;
  readonly help?: string;
  readonly checked: boolean;
  readonly onChange: (next: boolean) => void;
  readonly disabled?: boolean;
}) => {
  const id = useId();
  return (
    <div className="row setting-row">
      <div className="grow">
        <label htmlFor={id}>{label}</label>
        {help !== undefined && <div className="faint">{help}</div>}
      </div>
      <Switch.Root id={id} className="switch" checked={checked} onCheckedChange={onChange} disabled={disabled ?? false}>
        <Switch.Thumb />
      </Switch.Root>
    </div>
  );
};

interface CheckFieldProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (next: boolean) => void;
  readonly disabled?: boolean;
  /** Why it is disabled, or what it does. */
  readonly help?: string;
}

export const CheckField = ({ label, checked, onChange, disabled, help }: CheckFieldProps) => {
  const id = useId();
  return (
    <div className="row check-row">
      <Checkbox.Root
        id={id}
        className="check"
        checked={checked}
        onCheckedChange={(next) => onChange(next === true)}
        disabled={disabled ?? false}
        aria-describedby={help === undefined ? undefined : `${id}-help`}
      >
        <Checkbox.Indicator asChild>
          <Check aria-hidden strokeWidth={3} />
        </Checkbox.Indicator>
      </Checkbox.Root>
      <div>
        <label htmlFor={id}>{label}</label>
        {help !== undefined && (
          <div className="help" id={`${id}-help`}>
            {help}
          </div>
        )}
      </div>
    </div>
  );
};

/** Says what will live here, and offers the one next step. */
export const Empty = ({
  title,
  children,
  action,
  heading: Heading = "h2",
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
  readonly heading?: "h1" | "h2";
}) => (
  <div className="empty">
    <Heading>{title}</Heading>
    <p>{children}</p>
    {action}
  </div>
);
