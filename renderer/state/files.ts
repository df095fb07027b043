/** Pictures and files that are pasted or dropped: they are not taken, that is said, and no drop leads the window away. */
import { fileWords as words } from "../text/typed.ts";

const hasFiles = (data: DataTransfer | null): boolean => data !== null && [...data.types].includes("Files");
const intoText = (target: EventTarget | null): boolean =>
  target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;

export const refuseFiles = (say: (sentence: string) => void): void => {
  window.addEventListener("dragover", (event) => {
    if (!hasFiles(event.dataTransfer) && intoText(event.target)) return;
    event.preventDefault();
    // Without an effect there would be no drop, and nobody would be told why nothing came of it.
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = hasFiles(event.dataTransfer) ? "copy" : "none";
  });
  window.addEventListener("drop", (event) => {
    const files = hasFiles(event.dataTransfer);
    // A link that is dropped beside a field would be opened in place of this window.
    if (files || !intoText(event.target)) event.preventDefault();
    if (files) say(words.drop);
  });
  window.addEventListener("paste", (event) => {
    // A copied table is text and picture at once: its text is taken.
    if (!hasFiles(event.clipboardData) || event.clipboardData?.getData("text/plain") !== "") return;
    event.preventDefault();
    say(words.paste);
  });
};
