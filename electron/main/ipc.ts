/**
 * The only use of `ipcMain`. Gate one: the message comes from the top frame of a window that main opened, showing the
 * page it was opened with. Gate two: its content is of the expected shape. Whoever fails a gate hears nothing.
 */
import { z } from "zod";
import { CHANNELS } from "#bridge/ipc.ts";
import type { WindowKind } from "#bridge/shell-port.ts";
import type { ElectronApi, IpcMainEvent, WebContents } from "./electron-api.ts";
import { externalLink, pageAt } from "./navigation.ts";

/** Clipboard text above this is no invite link. */
const Copied = z.string().max(65_536);
const Link = z.string().max(2_048);

export interface IpcParts {
  /** Kind of the window that main opened with these contents. */
  kindOf(contents: WebContents): WindowKind | undefined;
  connect(contents: WebContents, kind: WindowKind): void;
}

export const senderKind = (
  event: Pick<IpcMainEvent, "sender" | "senderFrame">,
  kindOf: IpcParts["kindOf"],
): WindowKind | undefined => {
  const kind = kindOf(event.sender);
  const frame = event.senderFrame;
  if (kind === undefined || frame === null || frame !== event.sender.mainFrame) return undefined;
  return pageAt(frame.url) === kind ? kind : undefined;
};

export const listenToWindows = (electron: ElectronApi, parts: IpcParts): void => {
  const on = (channel: string, act: (contents: WebContents, kind: WindowKind, value: unknown) => void) =>
    electron.ipcMain.on(channel, (event, value: unknown) => {
      const kind = senderKind(event, parts.kindOf);
      if (kind !== undefined) act(event.sender, kind, value);
    });

  on(CHANNELS.connect, (contents, kind) => parts.connect(contents, kind));
  on(CHANNELS.copy, (_, __, value) => {
    const text = Copied.safeParse(value);
    if (text.success) void electron.clipboard.writeText(text.data);
  });
  on(CHANNELS.openLink, (contents, _, value) => {
    const text = Link.safeParse(value);
    const url = text.success ? externalLink(text.data) : undefined;
    // A click gives its window the focus; a page that opens links by itself mostly has none.
    if (url !== undefined && electron.BrowserWindow.fromWebContents(contents)?.isFocused() === true)
      void electron.shell.openExternal(url);
  });
};
