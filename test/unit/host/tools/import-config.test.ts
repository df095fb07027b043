import { worded } from "../../../helpers/worded.ts";
import { told } from "#bridge/told.ts";
import { describe, expect, test } from "vitest";
import { parseConfig, suggestName } from "../../../../electron/host/tools/import-config.ts";

const parse = (text: string, platform: NodeJS.Platform = "linux") => parseConfig(text, platform);
const filesystem = {
  kind: "stdio",
  command: "npx",
  args: ["-y", "@modelcontextprotocol/server-filesystem", "/srv/notes"],
  env: [],
  vars: [],
};

describe("JSON", () => {
  test("the usual mcpServers, with values apart from the launch and secrets recognised by name", () => {
    const text = `{"mcpServers": {"github": {"command": "docker", "args": ["run", "-i", "ghcr"], "env": {"GITHUB_TOKEN": "abc", "LOG_LEVEL": "debug", "RETRIES": 3}}}}`;
    expect(parse(text)).toEqual({
      servers: [
        {
          name: "github",
          launch: {
            kind: "stdio",
            command: "docker",
            args: ["run", "-i", "ghcr"],
            env: [
              { name: "GITHUB_TOKEN", secret: true },
              { name: "LOG_LEVEL", secret: false },
              { name: "RETRIES", secret: false },
            ],
            vars: [],
          },
          values: { GITHUB_TOKEN: "abc", LOG_LEVEL: "debug", RETRIES: "3" },
          kept: [],
        },
      ],
      ignored: [],
    });
  });

  test("a value never becomes a part of the launch, which the team sees", () => {
    const { servers } = parse('{"mcpServers":{"x":{"command":"a","env":{"KEY":"canary-secret"}}}}');
    expect(JSON.stringify(servers[0]?.launch)).not.toContain("canary-secret");
    expect(servers[0]?.values).toEqual({ KEY: "canary-secret" });
  });

  test("comments, commas at the end, and VS Code's servers and inputs", () => {
    const text = `// from the settings
    { "inputs": [{"id": "k"}], /* all of them */
      "servers": { "files": { "type": "stdio", "command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem", "/srv/notes",], "env": {"API_KEY": "\${input:k}"}, }, }, }`;
    expect(parse(text)).toEqual({
      servers: [
        { name: "files", launch: { ...filesystem, env: [{ name: "API_KEY", secret: true }] }, values: {}, kept: [] },
      ],
      ignored: [told("ignored.placeholder", "files", "API_KEY")],
    });
  });

  test("one bare server, one entry without its braces, and servers without a wrapper", () => {
    const bare = JSON.stringify({ command: "npx", args: filesystem.args });
    expect(parse(bare).servers[0]).toMatchObject({ name: "filesystem", launch: filesystem });
    expect(parse(`"notes": ${bare}`).servers[0]).toMatchObject({ name: "notes", launch: filesystem });
    expect(parse(`{"notes": ${bare}}`).servers[0]).toMatchObject({ name: "notes", launch: filesystem });
  });

  test("[T38] an address with its headers: their names are shared, their values are not", () => {
    const parsed = parse(
      '{"mcpServers":{"docs":{"type":"http","url":"https://docs.example/mcp","headers":{"Authorization":"Bearer canary"},"disabled":false}}}',
    );
    expect(parsed.servers[0]).toEqual({
      name: "docs",
      launch: {
        kind: "http",
        url: "https://docs.example/mcp",
        headers: [{ name: "Authorization", value: "Bearer ${AUTHORIZATION}" }],
        vars: [{ name: "AUTHORIZATION", secret: true }],
      },
      values: { AUTHORIZATION: "canary" },
      kept: [told("place.header", "Authorization")],
    });
    expect(parsed.ignored).toEqual([told("ignored.field", "docs", "disabled")]);
  });

  test("a mistake is told with its line", () => {
    expect(() => parse('{\n  "mcpServers": {\n    "x": {"command": a}\n  }\n}')).toThrow(worded(/in line 3/));
  });
});

describe("one command line", () => {
  test("words as a shell would quote them", () => {
    expect(parse(`npx -y 'a b' "c \\"d\\"" e\\ f g'h'i ""`).servers[0]?.launch).toMatchObject({
      command: "npx",
      args: ["-y", "a b", 'c "d"', "e f", "ghi", ""],
    });
  });

  test("leading variables become values", () => {
    expect(parse("API_KEY=abc MODE='x y' npx server")).toMatchObject({
      servers: [
        {
          launch: {
            command: "npx",
            args: ["server"],
            env: [
              { name: "API_KEY", secret: true },
              { name: "MODE", secret: false },
            ],
          },
          values: { API_KEY: "abc", MODE: "x y" },
        },
      ],
    });
  });

  test("what a shell would not touch is passed on as it stands", () => {
    expect(parse("npx server '$HOME;|' --glob=*.md a~b").servers[0]?.launch).toMatchObject({
      args: ["server", "$HOME;|", "--glob=*.md", "a~b"],
    });
  });

  test("on Windows a backslash is a part of a path", () => {
    expect(parse('"C:\\Program Files\\tool.exe" C:\\notes', "win32").servers[0]).toMatchObject({
      name: "tool",
      launch: { command: "C:\\Program Files\\tool.exe", args: ["C:\\notes"] },
    });
  });

  test("a web address alone is a server at an address", () => {
    expect(parse("https://docs.example/mcp").servers).toEqual([
      {
        name: "docs.example",
        launch: { kind: "http", url: "https://docs.example/mcp", headers: [], vars: [] },
        values: {},
        kept: [],
      },
    ]);
    expect(parse("http://localhost:8080/mcp").servers[0]?.launch).toEqual({
      kind: "http",
      url: "http://localhost:8080/mcp",
      headers: [],
      vars: [],
    });
  });

  test.each([
    ["npx", ["-y", "@modelcontextprotocol/server-filesystem@2026.8.31", "/x"], "filesystem"],
    ["uvx", ["mcp-server-git"], "git"],
    ["node", ["/opt/tools/notes.mjs"], "notes"],
    [
      "/opt/node/bin/node",
      ["/opt/node_modules/@modelcontextprotocol/server-filesystem/dist/index.js", "/x"],
      "filesystem",
    ],
    ["npx", ["-y", "@acme/mcp-server"], "acme"],
    ["python3", ["/opt/tides/src/main.py"], "tides"],
    ["node", ["index.js"], "index"],
    ["/usr/local/bin/github-mcp-server", ["stdio"], "github"],
    ["server", [], "server"],
  ])("%s %j is called %s", (command, args, name) => {
    expect(suggestName(command, args)).toBe(name);
  });
});
