/** The icon in the system's tray: says how many cards wait, and keeps the app there when its window is closed. */
import { join } from "node:path";
import type { ElectronApi, Rectangle } from "./electron-api.ts";
import { desktopWords } from "#text/shells.ts";

export interface TrayParts {
  readonly icons: string;
  open(): void;
  quit(): void;
}

export interface AppTray {
  waiting(count: number): void;
  bounds(): Rectangle;
  /** False where the system shows no tray: closing the window then ends the app. */
  readonly shown: boolean;
  destroy(): void;
}

export const createTray = (electron: ElectronApi, parts: TrayParts): AppTray => {
  const icon = (name: string) => electron.nativeImage.createFromPath(join(parts.icons, name));
  const [calm, waiting] = [icon("tray.png"), icon("tray-waiting.png")];
  const tray = attempt(() => new electron.Tray(calm));
  const show = (count: number) => {
    electron.app.setBadgeCount(count);
    tray?.setToolTip(desktopWords.waiting(count));
    tray?.setImage(count > 0 ? waiting : calm);
    tray?.setContextMenu(
      electron.Menu.buildFromTemplate([
        { label: desktopWords.waiting(count), enabled: false },
        { type: "separator" },
        { label: desktopWords.open, click: parts.open },
        { label: desktopWords.quit, click: parts.quit },
      ]),
    );
  };
  tray?.on("click", parts.open);
  show(0);
  return {
    waiting: show,
    bounds: () => tray?.getBounds() ?? { x: 0, y: 0, width: 0, height: 0 },
    shown: tray !== undefined,
    destroy: () => tray?.destroy(),
  };
};

/** Desktops without a tray throw. */
const attempt = <T>(make: () => T): T | undefined => {
  try {
    return make();
  } catch {
    // A desktop without a tray.
    return undefined;
  }
};
