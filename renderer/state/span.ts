/** A length of time as a person writes it: a whole number and its unit. Pure. */
export type SpanUnit = "minutes" | "hours" | "days";
export interface Span {
  readonly amount: string;
  readonly unit: SpanUnit;
}

export const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const MS: Record<SpanUnit, number> = { minutes: MINUTE, hours: HOUR, days: DAY };

/** In the largest unit that says it exactly. */
export const spanOf = (ms: number): Span => {
  const unit = ms % DAY === 0 ? "days" : ms % HOUR === 0 ? "hours" : "minutes";
  return { amount: String(ms / MS[unit]), unit };
};

/** Null where it is no whole number above zero, or longer than `most`. */
export const spanMs = ({ amount, unit }: Span, most: number): number | null => {
  const count = whole(amount, most / MS[unit]);
  return count === null ? null : count * MS[unit];
};

export const whole = (text: string, most: number): number | null => {
  const value = Number(text);
  return /^\d+$/.test(text.trim()) && value >= 1 && value <= most ? value : null;
};
