import { expect, test } from "vitest";
import { hostEnvironment } from "../../../electron/shell/host-env.ts";
import { dataFolder } from "../../../electron/shell/places.ts";

test("each system has its own place for the data, and BULKHEAD_DATA goes before all", () => {
  expect(dataFolder({}, "linux", "/home/ada")).toBe("/home/ada/.local/share/bulkhead");
  expect(dataFolder({ XDG_DATA_HOME: "/x" }, "linux", "/home/ada")).toBe("/x/bulkhead");
  expect(dataFolder({ XDG_DATA_HOME: "" }, "linux", "/home/ada")).toBe("/home/ada/.local/share/bulkhead");
  expect(dataFolder({}, "darwin", "/Users/ada")).toBe("/Users/ada/Library/Application Support/Bulkhead");
  expect(dataFolder({ APPDATA: "/roaming" }, "win32", "/u")).toBe("/roaming/Bulkhead");
  for (const platform of ["linux", "darwin", "win32"] as const)
    expect(dataFolder({ BULKHEAD_DATA: "/d" }, platform, "/h")).toBe("/d");
});

test("[T29] the host gets the system's own variables and none of the person's secrets", () => {
  const env = hostEnvironment(
    {
      PATH: "/bin",
      HOME: "/h",
      Path: "C:\\",
      https_proxy: "http://p",
      AWS_SECRET_ACCESS_KEY: "canary",
      OPENAI_API_KEY: "canary",
      GITHUB_TOKEN: "canary",
      NODE_OPTIONS: "--require canary",
      LD_PRELOAD: "canary",
      PATHOLOGY: "canary",
      BULKHEAD_TEST: "1",
      BULKHEAD_DATA: "/other",
    },
    { data: "/d", kind: "browser", detail: "x" },
  );
  expect(JSON.stringify(env)).not.toContain("canary");
  expect(env).toEqual({
    PATH: "/bin",
    HOME: "/h",
    Path: "C:\\",
    https_proxy: "http://p",
    BULKHEAD_TEST: "1",
    BULKHEAD_DATA: "/d",
    BULKHEAD_SHELL: "browser",
    BULKHEAD_SHELL_DETAIL: "x",
    BULKHEAD_LANGUAGE: "en",
  });
});
