/**
 * A list to choose from where choosing does something at once. A native list changes with an arrow key while it is closed;
 * this one changes on a click, or on Enter in the open list, and on nothing else.
 */
import { Popover } from "radix-ui";
import { useId, useRef, useState, type KeyboardEvent } from "react";

export interface ChoiceOption {
  readonly value: string;
  readonly label: string;
}
interface ChoiceProps {
  readonly name: string;
  /** Null where none of the options is chosen. */
  readonly value: string | null;
  /** Shown where none is chosen. */
  readonly empty?: string | undefined;
  readonly options: readonly ChoiceOption[];
  readonly className?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly title?: string | undefined;
  readonly describedBy?: string | undefined;
  readonly onPick: (value: string) => void;
}

export const Choice = ({
  name,
  value,
  empty = "",
  options,
  className,
  disabled,
  title,
  describedBy,
  onPick,
}: ChoiceProps) => {
  const id = useId();
  const [at, setAt] = useState<number | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const open = at !== null;
  const show = () =>
    setAt(
      Math.max(
        0,
        options.findIndex((option) => option.value === value),
      ),
    );
  const close = () => setAt(null);
  const pick = (option: ChoiceOption | undefined) => {
    close();
    button.current?.focus();
    if (option !== undefined && option.value !== value) onPick(option.value);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const step = STEPS[event.key];
    if (!open) {
      if (event.key !== "Enter" && event.key !== " " && step === undefined) return;
      event.preventDefault();
      show();
      return;
    }
    if (step !== undefined) setAt(Math.min(options.length - 1, Math.max(0, step(at, options.length))));
    else if (event.key === "Enter" || event.key === " ") pick(options[at]);
    else if (event.key === "Tab") return close();
    else if (event.key !== "Escape") return;
    else {
      event.stopPropagation();
      close();
    }
    event.preventDefault();
  };
  return (
    <Popover.Root open={open} onOpenChange={(next) => (next ? show() : close())}>
      <Popover.Anchor asChild>
        <button
          ref={button}
          type="button"
          role="combobox"
          aria-label={name}
          aria-haspopup="listbox"
          aria-expanded={open}
          aria-controls={open ? id : undefined}
          aria-activedescendant={open ? `${id}-${at}` : undefined}
          aria-describedby={describedBy}
          className={`input drop ${className ?? ""}`}
          disabled={disabled === true}
          title={title}
          onClick={() => (open ? close() : show())}
          onKeyDown={onKey}
        >
          <span className="cut">{options.find((option) => option.value === value)?.label ?? empty}</span>
        </button>
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          className="menu"
          align="end"
          sideOffset={4}
          collisionPadding={8}
          role="presentation"
          onOpenAutoFocus={(event) => event.preventDefault()}
          onCloseAutoFocus={(event) => event.preventDefault()}
          onInteractOutside={(event) =>
            button.current?.contains(event.target as Node) === true && event.preventDefault()
          }
        >
          <div id={id} role="listbox" aria-label={name}>
            {options.map((option, index) => (
              <div
                key={option.value}
                id={`${id}-${index}`}
                ref={index === at ? (element) => element?.scrollIntoView({ block: "nearest" }) : undefined}
                role="option"
                aria-selected={option.value === value}
                className="menu-item"
                data-highlighted={index === at ? "" : undefined}
                onPointerMove={() => index !== at && setAt(index)}
                // The focus stays on the button, which the keys belong to.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => pick(option)}
              >
                <span className="grow cut">{option.label}</span>
                {option.value === value && <span aria-hidden>✓</span>}
              </div>
            ))}
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
};

const STEPS: Readonly<Record<string, (at: number, of: number) => number>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  Home: () => 0,
  End: (_at, of) => of - 1,
};
