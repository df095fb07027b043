/** UTC, as ISO 8601 writes it. By hand, because the core has no clock and therefore no `Date`. */
export const isoTime = (ms: number): string => {
  const two = (n: number, width = 2): string => String(n).padStart(width, "0");
  const days = Math.floor(ms / 86_400_000);
  const rest = ms - days * 86_400_000;
  // Days from 1 March 0000 in eras of 400 years, so that the leap day is the last of its year.
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const time = `${two(Math.floor(rest / 3_600_000))}:${two(Math.floor(rest / 60_000) % 60)}:${two(Math.floor(rest / 1_000) % 60)}.${two(rest % 1_000, 3)}`;
  return `${two(year, 4)}-${two(month)}-${two(day)}T${time}Z`;
};
