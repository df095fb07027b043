/** Where the log of this computer stands in the data folder: the shell writes it, the host shows it. */
export const LOG_FOLDER = "logs";
export const LOG_FILE = "bulkhead.log";
/** For sentences: as a person finds it. */
export const LOG_WORDS = `${LOG_FOLDER}/${LOG_FILE} in Bulkhead's data folder`;
/** This many files of this size at most: the newest, and those that were full before it with `.1`, `.2`. */
export const LOG_FILES = 3;
export const LOG_BYTES = 512 * 1024;
