/**
 * The whole environment of the agent host. An allow-list: what a person's terminal happens to hold (cloud keys, tokens)
 * is not for the host nor for the tools that it starts.
 */
import { HOST_ENV } from "#bridge/shell-port.ts";
import { LANGUAGE, LANGUAGE_VARIABLE } from "#text/words.ts";

const SYSTEM = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "TERM",
  "TMPDIR",
  "TZ",
  "LANG",
  "LC_ALL",
  "LC_CTYPE",
  "XDG_CONFIG_HOME",
  "XDG_CACHE_HOME",
  "XDG_DATA_HOME",
  "XDG_RUNTIME_DIR",
  "APPDATA",
  "COMSPEC",
  "HOMEDRIVE",
  "HOMEPATH",
  "LOCALAPPDATA",
  "PATHEXT",
  "PROCESSOR_ARCHITECTURE",
  "PROGRAMDATA",
  "PROGRAMFILES",
  "SYSTEMDRIVE",
  "SYSTEMROOT",
  "TEMP",
  "TMP",
  "USERNAME",
  "USERPROFILE",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "ALL_PROXY",
  "NO_PROXY",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
];
const allowed = new Set(SYSTEM);

export const hostEnvironment = (
  from: Readonly<Record<string, string | undefined>>,
  own: { data: string; kind: "electron" | "browser"; detail: string },
): Record<string, string> => {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(from)) {
    // Windows spells names as it likes ("Path"), and proxies are written in both cases elsewhere.
    if (value !== undefined && (allowed.has(name.toUpperCase()) || name.startsWith("BULKHEAD_"))) env[name] = value;
  }
  return {
    ...env,
    [HOST_ENV.dataDir]: own.data,
    [HOST_ENV.shellKind]: own.kind,
    [HOST_ENV.shellDetail]: own.detail,
    // One language for all parts of an app, whatever the system tells each of them.
    [LANGUAGE_VARIABLE]: LANGUAGE.tag,
  };
};
