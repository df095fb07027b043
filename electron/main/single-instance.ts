/** Join links and second starts, on every system: as an argument at cold start, of a second start, or as macOS' `open-url`. */
import { DEEP_LINK_SCHEME, linkAmong, readDeepLink } from "../shell/deep-link.ts";
import type { ElectronApi } from "./electron-api.ts";

/** False when another instance runs; that one gets our arguments from Electron. Must run before the app is ready. */
export const claimElectronInstance = (
  app: ElectronApi["app"],
  args: readonly string[],
  onLink: (url: string) => void,
  onSecondStart: () => void,
): boolean => {
  const take = (link: string | undefined) => {
    const read = link === undefined ? undefined : readDeepLink(link);
    if (read?.ok === true) onLink(read.url);
  };
  app.on("open-url", (event, url) => {
    event.preventDefault();
    take(url);
    onSecondStart();
  });
  if (!app.requestSingleInstanceLock()) return false;
  app.on("second-instance", (_, argv) => {
    take(linkAmong(argv));
    onSecondStart();
  });
  // Installers register the scheme too; a moved or unpacked app does it here.
  if (app.isPackaged) app.setAsDefaultProtocolClient(DEEP_LINK_SCHEME);
  take(linkAmong(args));
  return true;
};
