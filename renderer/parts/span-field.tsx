/** A length of time in the unit that a person thinks in. */
import type { Span, SpanUnit } from "../state/span.ts";
import { spanWords as words } from "../text/queues.ts";
import { Field, Pick } from "./basic.tsx";

export const SpanField = ({
  label,
  help,
  value,
  onValue,
}: {
  readonly label: string;
  readonly help?: string;
  readonly value: Span;
  readonly onValue: (span: Span) => void;
}) => (
  <Field label={label} help={help}>
    {(wiring) => (
      <div className="row span-field">
        <input
          className="input"
          inputMode="numeric"
          value={value.amount}
          onChange={(event) => onValue({ ...value, amount: event.target.value })}
          autoComplete="off"
          {...wiring}
        />
        <Pick
          name={words.unitOf(label)}
          value={value.unit}
          options={words.units}
          onPick={(unit) => onValue({ ...value, unit: unit as SpanUnit })}
        />
      </div>
    )}
  </Field>
);
