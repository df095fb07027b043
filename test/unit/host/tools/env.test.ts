import { expect, test } from "vitest";
import { toolEnvironment } from "../../../../electron/host/tools/env.ts";

// Pinned: a name added to the allow-list must be added here too, on purpose.
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
const NEVER = [
  "OPENAI_API_KEY",
  "AWS_SECRET_ACCESS_KEY",
  "NODE_OPTIONS",
  "LD_PRELOAD",
  "DYLD_INSERT_LIBRARIES",
  "BULKHEAD_DATA",
  "SSH_AUTH_SOCK",
  "LC_SECRET",
  "PATH2",
  "path",
  "__proto__",
];
const all = Object.fromEntries(
  [...new Set([...POSIX, ...WINDOWS, ...NEVER])].map((name) => [name, `value of ${name}`]),
);

test("[T29] the allow-list on Linux is exactly this", () => {
  expect(Object.keys(toolEnvironment([], {}, all, "linux")).sort()).toEqual([...POSIX].sort());
});

test("[T29] the allow-list on Windows is exactly this, whatever the case of the letters", () => {
  const names = Object.keys(toolEnvironment([], {}, { ...all, SystemRoot: "C:\\Windows" }, "win32")).filter(
    (name) => !["path", "SystemRoot"].includes(name),
  );
  expect(names.sort()).toEqual([...WINDOWS].sort());
  expect(toolEnvironment([], {}, { SystemRoot: "C:\\Windows", ComSpec: "cmd" }, "win32")).toEqual({
    SystemRoot: "C:\\Windows",
    ComSpec: "cmd",
  });
});

test("[T29] a launch gets values only for what it names, and never the host's own value for it", () => {
  const env = toolEnvironment(
    [{ name: "API_KEY" }, { name: "OPENAI_API_KEY" }, { name: "EMPTY" }],
    { API_KEY: "mine", STRAY: "no", EMPTY: "" },
    { ...all },
    "linux",
  );
  expect(env["API_KEY"]).toBe("mine");
  for (const name of ["OPENAI_API_KEY", "STRAY", "EMPTY"]) expect(env).not.toHaveProperty(name);
});

test("a value that looks like a shell function is not passed on", () => {
  expect(toolEnvironment([], {}, { TERM: "() { :; }; echo", HOME: "/home/ada" }, "linux")).toEqual({
    HOME: "/home/ada",
  });
});

test("on macOS the usual places of programs are added to the short PATH of apps, once", () => {
  expect(toolEnvironment([], {}, { PATH: "/usr/bin:/usr/local/bin" }, "darwin")["PATH"]).toBe(
    "/usr/bin:/usr/local/bin:/opt/homebrew/bin",
  );
  expect(toolEnvironment([], {}, {}, "darwin")["PATH"]).toBe(
    "/usr/bin:/bin:/usr/sbin:/sbin:/opt/homebrew/bin:/usr/local/bin",
  );
});
