/** The most lines of a function. */
export const LINES_MAX = 120;

/** `file function`: the lines that it may have. A number here may only fall, and a row goes when its function is short. */
export const LONG: Readonly<Record<string, number>> = {};
