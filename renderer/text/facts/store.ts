import type { StoreArgs } from "#bridge/facts/store.ts";
import { LOG_WORDS } from "#bridge/log-place.ts";
import type { Language } from "../language.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

/** What happened, what is safe, what to do: one sentence after the other. */
const corrupt = (language: Language, ...[aside, brought, backup, lost]: StoreArgs["store-corrupt"]): string => {
  const { all, count } = language;
  const kept =
    aside === null
      ? ""
      : ` The damaged file is kept as ${aside} in the same folder. What you delete from now on may still stand in it: remove it when you do not need it any more.`;
  const what = aside === null ? "The file with your threads is gone." : "The file with your threads is damaged.";
  if (brought === null)
    return `${what} Nothing could be read of it, and there is no backup.${kept} Start Bulkhead again to begin with an empty one, or put a backup of your own in its place first.`;
  const [threads, messages, workspaces] = brought;
  const counts = `${count(threads, "thread", "threads")} with ${all([count(messages, "message", "messages"), count(workspaces, "workspace", "workspaces")])}`;
  const from = backup === null ? "" : ` What could not be read was taken from the backup of ${backup}.`;
  const missing = lost
    ? ` ${backup === null ? "Something of it could not be read and is missing." : "What is newer than that and could not be read is missing."}`
    : "";
  return `${what} ${lost && backup !== null ? "Brought over were" : "What could be read was brought over:"} ${counts}.${from}${missing} Calls that were open are not repeated.${kept} Start Bulkhead again to go on with these.`;
};

export const storeWords: SentencesOf<StoreArgs> = words("facts/store.storeWords", {
  "store-closed": () => "Bulkhead is closing. This was not saved; do it again after the next start.",
  "disk-full": () => "The disk is full. Nothing was lost, but this could not be saved. Free some space and try again.",
  "store-locked": () => "Another Bulkhead has your threads open. Close it, or wait until it has closed, and try again.",
  "store-damaged": () =>
    "The file with your threads is damaged, so this was not saved. Start Bulkhead again: it keeps the damaged file aside, brings over what can be read, and tells you what that was.",
  "store-corrupt": corrupt,
  "store-unwritable": () =>
    "Bulkhead may not read and write in its folder. Give yourself the right to do both there, or start it with another folder, and try again. Nothing was changed.",
  "store-unreadable": () =>
    "The disk did not answer as it should while saving. Check the disk, then start Bulkhead again.",
  "store-newer": () =>
    "Your threads were saved by a newer version of Bulkhead. Install that version again to open them; nothing was changed.",
  "store-above": ({ number }, level, own, by) =>
    `A workspace here speaks level ${number(level)}, which this version of Bulkhead (${own}) cannot read. ${
      by === null ? "A newer version wrote it" : `Bulkhead ${by} wrote it`
    }: install that version or a newer one. Nothing was changed.`,
  "store-failed": () =>
    `Your threads could not be opened or saved. Start Bulkhead again; if this stays, ${LOG_WORDS} says which step failed.`,
  "no-folder": () => "Bulkhead was not told where its folder is. Start it with `npm start`.",
  "host-broken": () =>
    `Bulkhead could not start its inner part. It is tried again by itself; if this stays, ${LOG_WORDS} says which step failed.`,
  "older-words": (_, kept) => kept,
  "call-unsure": () =>
    "The file with your threads was damaged, so nothing shows whether this was done. It is not repeated. Look whether it took effect, then ask again.",
});
