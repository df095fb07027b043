/**
 * The environment of a tool process: the names below, and the variables that its launch names and this person filled.
 * Everything else of the host's environment, among it other tools' keys, stays outside. A launch that names a variable
 * does not get the host's value for it: only a value that was set for this server on this computer.
 */

const POSIX = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "TERM",
  "TMPDIR",
  "TEMP",
  "TMP",
  "LANG",
  "LC_ALL",
  "LC_COLLATE",
  "LC_CTYPE",
  "LC_MESSAGES",
  "LC_MONETARY",
  "LC_NUMERIC",
  "LC_TIME",
];
const WINDOWS = [
  "PATH",
  "PATHEXT",
  "COMSPEC",
  "SYSTEMROOT",
  "SYSTEMDRIVE",
  "WINDIR",
  "TEMP",
  "TMP",
  "TERM",
  "LANG",
  "USERNAME",
  "USERPROFILE",
  "HOMEDRIVE",
  "HOMEPATH",
  "APPDATA",
  "LOCALAPPDATA",
  "PROGRAMDATA",
  "PROGRAMFILES",
  "PROGRAMFILES(X86)",
  "PROCESSOR_ARCHITECTURE",
  "NUMBER_OF_PROCESSORS",
];

/** Apps started from the macOS Dock get a PATH without the places where `node` and `uv` usually are. */
const MAC_PATH = ["/opt/homebrew/bin", "/usr/local/bin"];

const withMacPath = (path: string): string => {
  const parts = path.split(":").filter((part) => part !== "");
  return [...parts, ...MAC_PATH.filter((part) => !parts.includes(part))].join(":");
};

/**
 * @param named  variables that the launch names
 * @param values what this person set for them on this computer; others are ignored
 * @param from   the host's environment
 */
export const toolEnvironment = (
  named: readonly { readonly name: string }[],
  values: Readonly<Record<string, string>>,
  from: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): Record<string, string> => {
  const allowed = new Set(platform === "win32" ? WINDOWS : POSIX);
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(from)) {
    // Windows does not tell upper from lower case in names. A value that starts like a shell function is never wanted.
    const known = allowed.has(platform === "win32" ? name.toUpperCase() : name);
    if (known && value !== undefined && !value.startsWith("()")) env[name] = value;
  }
  if (platform === "darwin") env["PATH"] = withMacPath(env["PATH"] ?? "/usr/bin:/bin:/usr/sbin:/sbin");
  for (const { name } of named) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value !== undefined && value !== "") env[name] = value;
  }
  return env;
};
