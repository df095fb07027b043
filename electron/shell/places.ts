/** Where things rest on this computer. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { LOG_FILE, LOG_FOLDER } from "#bridge/log-place.ts";
import { HOST_ENV } from "#bridge/shell-port.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The data folder: BULKHEAD_DATA when set, else the platform's own place for an app's data. */
export const dataFolder = (
  env: Environment,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string => {
  const chosen = env[HOST_ENV.dataDir];
  if (chosen !== undefined && chosen !== "") return resolve(chosen);
  if (platform === "darwin") return join(home, "Library", "Application Support", "Bulkhead");
  if (platform === "win32") return join(filled(env["APPDATA"]) ?? join(home, "AppData", "Roaming"), "Bulkhead");
  return join(filled(env["XDG_DATA_HOME"]) ?? join(home, ".local", "share"), "bulkhead");
};

const filled = (value: string | undefined): string | undefined => (value === "" ? undefined : value);

/** Files of the shell inside the data folder. */
export const placesIn = (data: string) => ({
  keys: join(data, "device-keys.json"),
  embeddedServer: join(data, "embedded-server.json"),
  embeddedServerData: join(data, "sync-server"),
  log: join(data, LOG_FOLDER, LOG_FILE),
  serverLog: join(data, LOG_FOLDER, "sync-server.log"),
});
