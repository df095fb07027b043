/** How long what somebody types may be, in characters. A window says so while they type; the host refuses what is longer. */
export const MESSAGE_MAX = 200_000;
/** A draft with the values of its calls. Longer than a message, so that what must still be shortened is kept meanwhile. */
export const DRAFT_MAX = 1_000_000;
/** Arguments of a call as JSON text. */
export const ARGS_MAX = 65_536;
export const PRACTICE_ARGS_MAX = 32_768;
/** Why somebody decided as they did. */
export const NOTE_MAX = 2_000;
/** Calls that are being filled in, in one thread. */
export const DRAFT_CALLS_MAX = 20;
/** Messages of one thread that its agent has not read yet. */
export const UNREAD_MAX = 20;
