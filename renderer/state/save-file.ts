/**
 * Saves a text as a file of the person's own: a download in the browser, the system's dialog in the desktop app. The
 * file never passes a server.
 */
const KEEP_MS = 60_000;

export const saveFile = (name: string, pieces: readonly string[], type: string): void => {
  const url = URL.createObjectURL(new Blob([...pieces], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The system may still ask where to put it.
  setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
};
