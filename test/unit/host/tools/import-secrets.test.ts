/** What people paste with keys in it: the launch is what the team sees, the values stay. */
import { worded, wordsOf } from "../../../helpers/worded.ts";
import { describe, expect, test } from "vitest";
import { piecesOf } from "#bridge/launch.ts";
import type { Launch } from "#bridge/tool.ts";
import { parseConfig } from "../../../../electron/host/tools/import-config.ts";
import { isPlaceholder, isSecretName, spansIn, spansOfArgs } from "../../../../electron/host/tools/secret-shapes.ts";
import { secretPlaces } from "../../../../electron/host/tools/secret-stop.ts";
import { canary } from "../../../helpers/canary.ts";

/** Its end has the shape of a key, whatever the word before it came out as. */
const KEY = `${canary("key")}4f1a9c2e7b5d8063`;
const one = (text: string) => {
  const server = parseConfig(text, "linux").servers[0];
  if (server === undefined) throw new Error("no server was read");
  return server;
};
const pasted = (server: object, more: object = {}): string => JSON.stringify({ mcpServers: { x: server }, ...more });
const shown = (launch: Launch): readonly string[] =>
  launch.kind === "stdio" ? launch.args : [launch.url, ...launch.headers.map(({ name, value }) => `${name}: ${value}`)];
const code = (text: string): unknown => {
  try {
    return parseConfig(text, "linux");
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe("a key becomes a value of this computer", () => {
  test.each<[string, string, readonly string[], Record<string, string>, readonly string[]]>([
    [
      "after a flag",
      pasted({ command: "npx", args: ["-y", "cli", "--key", KEY] }),
      ["-y", "cli", "--key", "${KEY}"],
      { KEY },
      ["--key"],
    ],
    [
      "short, after a flag",
      pasted({ command: "npx", args: ["cli", "--api-key", "example-key"] }),
      ["cli", "--api-key", "${API_KEY}"],
      { API_KEY: "example-key" },
      ["--api-key"],
    ],
    ["joined to a flag", `npx cli --token=${KEY}`, ["cli", "--token=${TOKEN}"], { TOKEN: KEY }, ["--token"]],
    [
      "in a header argument",
      pasted({
        command: "npx",
        args: ["mcp-remote", "https://a.example/mcp", "--header", `Authorization: Bearer ${KEY}`],
      }),
      ["mcp-remote", "https://a.example/mcp", "--header", "Authorization: Bearer ${AUTHORIZATION}"],
      { AUTHORIZATION: KEY },
      ["Authorization"],
    ],
    [
      "in docker's -e",
      pasted({ command: "docker", args: ["run", "-e", "REPO_TOKEN=example-key", "-e", "LOG=debug", "img"] }),
      ["run", "-e", "REPO_TOKEN=${REPO_TOKEN}", "-e", "LOG=debug", "img"],
      { REPO_TOKEN: "example-key" },
      ["REPO_TOKEN"],
    ],
    [
      "in docker's --env=",
      `docker run --env=API_KEY=${KEY} img`,
      ["run", "--env=API_KEY=${API_KEY}", "img"],
      { API_KEY: KEY },
      ["API_KEY"],
    ],
    [
      "alone, by its shape",
      pasted({ command: "npx", args: ["cli", KEY] }),
      ["cli", "${SECRET}"],
      { SECRET: KEY },
      ["argument 2"],
    ],
    [
      "twice under one name",
      pasted({ command: "npx", args: ["cli", "--key", "first-one", "--key", "other-one"] }),
      ["cli", "--key", "${KEY}", "--key", "${KEY_2}"],
      { KEY: "first-one", KEY_2: "other-one" },
      ["--key"],
    ],
    [
      "under the name of a variable",
      pasted({ command: "npx", args: ["cli", "--key", "in-args"], env: { KEY: "in-env" } }),
      ["cli", "--key", "${KEY_2}"],
      { KEY: "in-env", KEY_2: "in-args" },
      ["--key"],
    ],
    [
      "as the password of an address in an argument",
      pasted({ command: "npx", args: ["pg", "postgres://ada:example-key@db.example/app"] }),
      ["pg", "postgres://ada:${SECRET}@db.example/app"],
      { SECRET: "example-key" },
      ["argument 2"],
    ],
    [
      "as a parameter of the address",
      pasted({ url: "https://a.example/mcp?api_key=a%2Fb&lang=en" }),
      ["https://a.example/mcp?api_key=${API_KEY}&lang=en"],
      { API_KEY: "a/b" },
      ["api_key in the address"],
    ],
    [
      "as a long parameter of the address",
      pasted({ url: `https://a.example/mcp?api_key=${KEY}&x=1` }),
      ["https://a.example/mcp?api_key=${API_KEY}&x=1"],
      { API_KEY: KEY },
      ["api_key in the address"],
    ],
    [
      "as a known key in a parameter",
      pasted({ url: "https://a.example/mcp?k=ghp_0123456789abcdef" }),
      ["https://a.example/mcp?k=${SECRET}"],
      { SECRET: "ghp_0123456789abcdef" },
      ["the address"],
    ],
    [
      "as a part of the path",
      pasted({ url: `https://a.example/s/${KEY}/mcp` }),
      ["https://a.example/s/${SECRET}/mcp"],
      { SECRET: KEY },
      ["the address"],
    ],
    [
      "as the user of the address",
      "https://ada:example-key@a.example/mcp",
      ["https://a.example/mcp", "Authorization: Basic ${AUTHORIZATION}"],
      { AUTHORIZATION: "YWRhOmV4YW1wbGUta2V5" },
      ["the header Authorization"],
    ],
    [
      "in a header",
      pasted({
        url: "https://a.example/mcp",
        headers: { Authorization: "Bearer example-key", "X-Team": "core", "X-MCP-Readonly": "true" },
      }),
      ["https://a.example/mcp", "Authorization: Bearer ${AUTHORIZATION}", "X-Team: ${X_TEAM}", "X-MCP-Readonly: true"],
      { AUTHORIZATION: "example-key", X_TEAM: "core" },
      ["the header Authorization", "the header X-Team"],
    ],
  ])("[T38] %s", (_where, text, launch, values, kept) => {
    const server = one(text);
    expect(shown(server.launch)).toEqual(launch);
    expect(server.values).toEqual(values);
    expect(server.kept.map((place) => wordsOf(place))).toEqual(kept);
    for (const value of Object.values(values))
      if (value.length > 6) expect(JSON.stringify([server.name, server.launch])).not.toContain(value);
    expect(secretPlaces(server.name, server.launch)).toEqual([]);
  });

  test("[T38] [T29] a value in env is no part of the launch, and one without a value is asked for", () => {
    const server = one(
      pasted({
        command: "npx",
        args: ["cli"],
        env: {
          API_KEY: KEY,
          OTHER: null,
          HEADER: "Bearer ${TOKEN}",
          B: "xxxx",
          C: "<your key>",
          D: "API_KEY_HERE",
          E: "{{token}}",
        },
      }),
    );
    expect(server.values).toEqual({ API_KEY: KEY });
    expect(server.launch).toMatchObject({
      env: ["API_KEY", "OTHER", "HEADER", "B", "C", "D", "E"].map((name) => ({ name })),
    });
    expect(JSON.stringify(server.launch)).not.toContain(KEY);
  });

  test("[T38] a server is not called by its key", () => {
    expect(one(`npx --key ${KEY} cli`).name).toBe("cli");
    expect(one(JSON.stringify({ command: "docker", args: ["run", "-e", `TOKEN=${KEY}`, "img"] })).name).toBe("img");
  });

  test("[T38] words that only look alike stay", () => {
    const args = [
      "-y",
      "@modelcontextprotocol/server-filesystem@2026.8.31",
      "--author",
      "Ada",
      "--max-tokens",
      "4096",
      "--key-file",
      "/run/secrets/key",
      "--token-url",
      "https://auth.example/token",
      "--auth",
      "oauth",
      "--sort=name",
      "/nix/store/3m4lkjsdf8sdfh3k4jh5kj3h4k5jh3k4-node/bin/node",
      "ghcr.io/a/b@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
      "git+https://git.example/a/b#da39a3ee5e6b4b0d3255bfef95601890afd80709",
    ];
    expect(one(pasted({ command: "npx", args }))).toMatchObject({ launch: { args, vars: [] }, values: {}, kept: [] });
  });
});

describe("references of other apps become values", () => {
  const inputs = { inputs: [{ type: "promptString", id: "token", password: true }, { id: "region" }] };
  test.each<[string, string, readonly string[], readonly { name: string; secret: boolean }[], Record<string, string>]>([
    [
      "an input in an argument",
      pasted({ command: "npx", args: ["db", "--url", "${input:token}"] }, inputs),
      ["db", "--url", "${TOKEN}"],
      [{ name: "TOKEN", secret: true }],
      {},
    ],
    [
      "an input in a header",
      pasted(
        {
          url: "https://a.example/mcp",
          headers: { Authorization: "Bearer ${input:token}", "X-Region": "${input:region}" },
        },
        inputs,
      ),
      ["https://a.example/mcp", "Authorization: Bearer ${TOKEN}", "X-Region: ${REGION}"],
      [
        { name: "TOKEN", secret: true },
        { name: "REGION", secret: false },
      ],
      {},
    ],
    [
      "an input in the address",
      pasted({ url: "https://a.example/${input:region}/mcp" }, inputs),
      ["https://a.example/${REGION}/mcp"],
      [{ name: "REGION", secret: false }],
      {},
    ],
    [
      "the environment of another app",
      pasted({ command: "npx", args: ["a", "${env:API_KEY}", "${LEVEL:-info}"] }),
      ["a", "${API_KEY}", "${LEVEL}"],
      [
        { name: "API_KEY", secret: true },
        { name: "LEVEL", secret: false },
      ],
      { LEVEL: "info" },
    ],
    [
      "home folders",
      pasted({ command: "npx", args: ["fs", "${HOME}/a", "$HOME/b", "~/c", "--root=~/d", "${userHome}"] }),
      ["fs", "${HOME}/a", "${HOME}/b", "${HOME}/c", "--root=${HOME}/d", "${HOME}"],
      [{ name: "HOME", secret: false }],
      {},
    ],
    [
      "a folder of an editor",
      pasted({ command: "npx", args: ["fs", "${workspaceFolder}"] }),
      ["fs", "${WORKSPACE_FOLDER}"],
      [{ name: "WORKSPACE_FOLDER", secret: false }],
      {},
    ],
    [
      "placeholders",
      pasted({ command: "npx", args: ["a", "--key", "YOUR_API_KEY", "--token=<token>", "Bearer <your-key>"] }),
      ["a", "--key", "${KEY}", "--token=${TOKEN}", "Bearer ${YOUR_KEY}"],
      [
        { name: "KEY", secret: true },
        { name: "TOKEN", secret: true },
        { name: "YOUR_KEY", secret: true },
      ],
      {},
    ],
    [
      "a variable that the process has too",
      pasted({ command: "npx", args: ["a", "--header", "X: ${TOKEN}"], env: { TOKEN: "example-key" } }),
      ["a", "--header", "X: ${TOKEN}"],
      [],
      { TOKEN: "example-key" },
    ],
    [
      "variables and the home folder on a command line",
      `API_KEY=$API_KEY npx fs ~/notes "$DIR/x" '\${X}' a~b`,
      ["fs", "${HOME}/notes", "${DIR}/x", "$${X}", "a~b"],
      [
        { name: "HOME", secret: false },
        { name: "DIR", secret: false },
      ],
      {},
    ],
  ])("[T38] %s", (_what, text, launch, vars, values) => {
    const server = one(text);
    expect(shown(server.launch)).toEqual(launch);
    expect(server.launch.vars).toEqual(vars);
    expect(server.values).toEqual(values);
  });

  test("[T38] headers that the connection sets are left out by name, and asked for where they have no value", () => {
    const text = pasted({
      url: "https://a.example/mcp",
      headers: { Accept: "text/html", Host: "evil.example", "X-Key": null },
    });
    expect(parseConfig(text, "linux")).toMatchObject({
      servers: [
        {
          launch: { headers: [{ name: "X-Key", value: "${X_KEY}" }], vars: [{ name: "X_KEY", secret: true }] },
          values: {},
        },
      ],
      ignored: [worded(/“Accept”/), worded(/“Host”/)],
    });
  });

  test("only what a shell alone understands is refused", () => {
    expect([code("npx a $1"), code('npx a "$(id)"'), code("npx a ~ben/x")]).toEqual(
      Array(3).fill("config-shell-syntax"),
    );
  });
});

describe("shapes", () => {
  test.each([
    "sk-proj-abcdEFGH1234",
    "sk-abcdefghijklmno1",
    "ghp_abcdef123456",
    "github_pat_11AAAAAAA",
    "xoxb-1234-abcd",
    "AKIAIOSFODNN7EXAMPLE",
    "glpat-abcdef123",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
    "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----",
    "q8Zr2Lx0Vb7Np4Tk9Wd3",
    "0123456789abcdef0123456789abcdef",
    "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY1",
    "https://ghp_x@git.example/a",
    "https://a.example/?access_token=abc",
    "mysql://root:hunter2@db/x",
  ])("[T38] %s is found wherever it stands", (text) => {
    expect(spansIn(text).length).toBe(1);
    expect(spansOfArgs(["run", text])[1]?.length).toBe(1);
    expect(spansIn("Bearer ${KEY}")).toEqual([]);
  });

  test.each([
    "",
    "server-filesystem",
    "@scope/some-long-package-name@1.2.3-beta.4",
    "2026-11-30T10-20-30",
    "getUserByIdFromDatabase",
    "https://mcp.example.com/v1/mcp?lang=en",
    "ssh://git@host/x",
    "/tmp/bulkhead-e2e-aB3xY9/shared-folder",
    "skill-sk-learn",
    "C:\\Users\\ada\\3f2504e04f8911d39a0c0305e82c3301",
  ])("%s is no secret", (text) => {
    expect(spansIn(text)).toEqual([]);
  });

  test("names", () => {
    expect(
      ["--key", "apiKey", "API_TOKEN", "x-api-key", "Authorization", "client_secret", "password", "Cookie"].filter(
        (name) => !isSecretName(name),
      ),
    ).toEqual([]);
    expect(
      ["--author", "keyboard", "--max-tokens", "--key-file", "token_url", "bypass", "monkey", ""].filter(isSecretName),
    ).toEqual([]);
    expect(["<x>", "YOUR_KEY", "xxxx", "{{a}}", "KEY_HERE", "changeme"].filter((text) => !isPlaceholder(text))).toEqual(
      [],
    );
    expect(["example-key", "x", "there"].filter(isPlaceholder)).toEqual([]);
  });
});

test("[T38] a template says which of its text is a value, and `$${` is a text", () => {
  expect(piecesOf("a${B}c")).toEqual([
    { kind: "text", text: "a" },
    { kind: "value", name: "B" },
    { kind: "text", text: "c" },
  ]);
  expect(piecesOf("$${B} ${C}")).toEqual([
    { kind: "text", text: "${B} " },
    { kind: "value", name: "C" },
  ]);
  expect(piecesOf("")).toEqual([{ kind: "text", text: "" }]);
  for (const open of ["${", "${}", "${1}", "${a b}"]) expect(piecesOf(open)).toBeNull();
});

test.each([
  ["references", "${"],
  ["keys", "sk-"],
  ["placeholders", "[key"],
  ["addresses", "https://"],
])(
  "[T38] a pasted text of nothing but beginnings of %s is refused before it is searched for secrets",
  (_what, piece) => {
    const text = piece.repeat(Math.floor(240_000 / piece.length));
    const servers = [
      { command: "npx", args: ["-y", text] },
      { command: text },
      { url: `https://tools.example/${text}` },
      { url: "https://tools.example", headers: { "X-Key": text } },
    ];
    for (const server of [...servers.map((a) => ({ mcpServers: { a } })), ...servers.map((a) => ({ ...a, name: "a" }))])
      expect(() => parseConfig(JSON.stringify(server), "linux")).toThrow(
        expect.objectContaining({ code: "config-part-long" }) as Error,
      );
    // A key as long as any is still taken.
    expect(
      one(JSON.stringify({ mcpServers: { a: { command: "npx", args: ["--key", KEY.padEnd(8_192, "9aB")] } } })).values,
    ).not.toEqual({});
  },
);
