/** No page goes anywhere but where main put it, opens no window, gets no permission and saves nothing but its own files. */
import { PAGE_SCHEME, PAGES } from "#bridge/ipc.ts";
import type { WindowKind } from "#bridge/shell-port.ts";
import type { ElectronApi } from "./electron-api.ts";

/** Which of our pages an address is, without regard to what follows `#`. */
export const pageAt = (address: string): WindowKind | undefined => {
  const hash = address.indexOf("#");
  const bare = hash < 0 ? address : address.slice(0, hash);
  return bare === PAGES.main ? "main" : bare === PAGES.popup ? "popup" : undefined;
};

/** The link as it may be handed to the browser, or undefined: https alone, nothing that names a person to the site. */
export const externalLink = (text: string): string | undefined => {
  if (text.length > 2_048 || /[^\x21-\x7e]/.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === "https:" && url.username === "" && url.password === "" ? url.href : undefined;
};

/** Files that a page makes, written in the main window itself: an exported audit, evidence against a server, a report of a problem. Nothing is fetched from anywhere. */
const OWN_FILES = [
  /^audit-[a-z0-9-]{1,40}\.(?:jsonl|csv)$/,
  /^bulkhead-evidence-\d{4}-\d{2}-\d{2}\.json$/,
  /^bulkhead-report-\d{4}-\d{2}-\d{2}\.txt$/,
];
export const isOwnFile = (address: string, name: string): boolean =>
  address.startsWith(`blob:${PAGE_SCHEME}://main/`) && OWN_FILES.some((own) => own.test(name));

export const guardNavigation = (electron: ElectronApi): void => {
  electron.app.on("web-contents-created", (_, contents) => {
    for (const event of ["will-navigate", "will-redirect", "will-frame-navigate"] as const) {
      // One listener for three events whose types differ in fields that are not used here.
      (contents as { on(name: string, listener: (event: { preventDefault(): void }) => void): void }).on(
        event,
        (navigation) => navigation.preventDefault(),
      );
    }
    contents.on("will-attach-webview", (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: "deny" }));
  });
  const { defaultSession } = electron.session;
  defaultSession.setPermissionRequestHandler((_, __, answer) => answer(false));
  defaultSession.setPermissionCheckHandler(() => false);
  // What is let through has no path yet, so Electron asks the person where to put it.
  defaultSession.on("will-download", (event, item) => {
    if (!isOwnFile(item.getURL(), item.getFilename())) event.preventDefault();
  });
};

/** Must run before the app is ready. */
export const declarePageScheme = (protocol: ElectronApi["protocol"]): void =>
  protocol.registerSchemesAsPrivileged([
    { scheme: PAGE_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
