/** The operating system's keychain, through Electron. Only usable once the app is ready. */
import type { ElectronApi } from "./electron-api.ts";
import type { Keychain } from "../shell/key-file.ts";
import { desktopWords } from "#text/shells.ts";

const LINUX_NAMES: Readonly<Record<string, string>> = {
  gnome_libsecret: "the GNOME keyring",
  kwallet: "KWallet",
  kwallet5: "KWallet",
  kwallet6: "KWallet",
};

export const electronKeychain = (safeStorage: ElectronApi["safeStorage"], platform: NodeJS.Platform): Keychain => {
  // On Linux without a keyring Electron "encrypts" with a fixed password: that is no keychain.
  const backend = platform === "linux" ? safeStorage.getSelectedStorageBackend() : "";
  const name =
    platform === "darwin"
      ? desktopWords.keychain.darwin
      : platform === "win32"
        ? desktopWords.keychain.win32
        : LINUX_NAMES[backend];
  return {
    available: name !== undefined && safeStorage.isEncryptionAvailable(),
    name: name ?? desktopWords.keychain.none,
    wrap: (text) => safeStorage.encryptString(text).toString("base64"),
    unwrap: (sealed) => safeStorage.decryptString(Buffer.from(sealed, "base64")),
  };
};
