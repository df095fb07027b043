/** The parts of Electron that main uses, handed in so that tests can stand in for them. Types are the pinned version's own. */
import type * as electron from "electron";

export type ElectronApi = Pick<
  typeof electron,
  | "app"
  | "BrowserWindow"
  | "clipboard"
  | "ipcMain"
  | "Menu"
  | "MessageChannelMain"
  | "nativeImage"
  | "Notification"
  | "protocol"
  | "safeStorage"
  | "screen"
  | "session"
  | "shell"
  | "Tray"
  | "utilityProcess"
  | "dialog"
>;
export type {
  BrowserWindow,
  IpcMainEvent,
  MessagePortMain,
  Rectangle,
  Tray,
  UtilityProcess,
  WebContents,
} from "electron";
