/** Hostile and broken configurations that a person might be talked into pasting. */
import { Refusal } from "#core/facts/refusal.ts";
import { codesIn } from "../helpers/worded.ts";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../electron/host/tools/import-config.ts";

const codeOf = (text: string): string => {
  try {
    parseConfig(text, "linux");
    return "accepted";
  } catch (error) {
    return codesIn(error).at(-1) ?? String(error);
  }
};
/** All that crosses of it. */
const refusalOf = (text: string): string => {
  try {
    parseConfig(text, "linux");
  } catch (error) {
    return error instanceof Refusal ? `${error.code} ${JSON.stringify(error.view)} ${error.message}` : "no refusal";
  }
  return "accepted";
};
const server = (launch: unknown, name = "x"): string => JSON.stringify({ mcpServers: { [name]: launch } });

describe("refused by name", () => {
  test.each([
    ["nothing", " \n ", "config-empty"],
    ["a megabyte", server({ command: "x", args: ["y".repeat(1_000_000)] }), "config-too-large"],
    ["JSON that ends too early", '{"mcpServers": {"x": {"command": "a"', "config-not-json"],
    ["text after the JSON", `${server({ command: "a" })} rm`, "config-not-json"],
    ["a list", "[1]", "config-root-type"],
    ["nesting without end", `{"a":${"[".repeat(100_000)}`, "config-too-deep"],
    ["a server named twice", '{"mcpServers":{"x":{"command":"seen"},"x":{"command":"run"}}}', "config-duplicate-key"],
    ["a command named twice", '{"mcpServers":{"x":{"command":"seen","command":"run"}}}', "config-duplicate-key"],
    [
      "one name in two lists",
      '{"mcpServers":{"x":{"command":"a"}},"servers":{"x":{"command":"b"}}}',
      "config-duplicate-name",
    ],
    ["the name __proto__", '{"mcpServers":{"__proto__":{"command":"a"}}}', "config-bad-name"],
    ["the name constructor", server({ command: "a" }, "constructor"), "config-bad-name"],
    ["a name that cannot be seen", server({ command: "a" }, "\u200b"), "config-bad-name"],
    ["a name of 81 characters", server({ command: "a" }, "n".repeat(81)), "config-bad-name"],
    ["a command that is a number", server({ command: 5 }), "config-wrong-type"],
    ["an empty command", server({ command: " " }), "launch-empty"],
    ["args that are a text", server({ command: "a", args: "-y b" }), "config-wrong-type"],
    ["args that hold an object", server({ command: "a", args: [{}] }), "config-wrong-type"],
    ["too many args", server({ command: "a", args: Array(65).fill("b") }), "config-too-long"],
    ["an arg with reordered letters", server({ command: "a", args: ["x\u202ey"] }), "launch-unseen"],
    ["a command with an escape sequence", server({ command: "a\u001b[2K" }), "launch-unseen"],
    ["env that is a list", server({ command: "a", env: ["A=b"] }), "config-wrong-type"],
    ["env with an object as value", server({ command: "a", env: { A: {} } }), "config-wrong-type"],
    ["env named __proto__", '{"mcpServers":{"x":{"command":"a","env":{"__proto__":"b"}}}}', "config-env-name"],
    ["env with an equals sign in its name", server({ command: "a", env: { "A=B": "c" } }), "config-env-name"],
    ["a value with NUL", server({ command: "a", env: { A: "b\u0000c" } }), "config-env-value"],
    ["a server that is a text", server("npx"), "config-wrong-type"],
    ["both a command and an address", server({ command: "a", url: "https://b.example" }), "config-ambiguous"],
    ["an address that is script", server({ url: "javascript:alert(1)" }), "launch-url-insecure"],
    ["an address of a file", server({ url: "file:///etc/passwd" }), "launch-url-insecure"],
    ["an address without encryption", server({ url: "http://tools.example/mcp" }), "launch-url-insecure"],
    [
      "a header whose name is none",
      server({ url: "https://tools.example/mcp", headers: { "Bad Name": "x" } }),
      "launch-header-invalid",
    ],
    [
      "a header with a line end",
      server({ url: "https://tools.example/mcp", headers: { "X-A\r\nHost": "x" } }),
      "launch-header-invalid",
    ],
    ["headers that are a list", server({ url: "https://tools.example/mcp", headers: ["a"] }), "config-wrong-type"],
    [
      "a header that is an object",
      server({ url: "https://tools.example/mcp", headers: { "X-A": {} } }),
      "config-header-type",
    ],
    [
      "no server of a kind that runs here",
      server({ type: "sse", url: "https://tools.example/sse" }),
      "ignored.transport",
    ],
    [
      "51 servers",
      JSON.stringify({
        mcpServers: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`s${n}`, { command: "a" }])),
      }),
      "config-too-many",
    ],
    ["a pipe", "npx server | tee log", "config-shell-syntax"],
    ["a second command", "npx server; rm -rf x", "config-shell-syntax"],
    ["a variable of the shell alone", 'npx server "$1"', "config-shell-syntax"],
    ["another person's home folder", "npx server ~ben/notes", "config-shell-syntax"],
    ["a substitution", "npx `cat x`", "config-shell-syntax"],
    ["two lines", "npx one\nnpx two", "config-many-lines"],
    ["an open quote", "npx 'server", "config-unclosed-quote"],
  ])("%s", (_title, text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  test.each([
    server({ command: "a", env: { A: "canary-value\u0000" } }),
    server({ command: "a", env: { "B=C": "canary-value" } }),
    '{"mcpServers":{"x":{"env":{"A":"canary-value"},}} trailing',
  ])("no message repeats a value of the environment: %s", (text) => {
    expect(refusalOf(text)).toMatch(/^config-/);
    expect(refusalOf(text)).not.toContain("canary-value");
  });

  test("nothing of Object's own prototype is ever changed or taken for a field", () => {
    expect(codeOf('{"mcpServers":{"x":{"__proto__":{"command":"evil"}}}}')).toBe("config-wrong-type");
    expect(codeOf('{"__proto__":{"mcpServers":{"x":{"command":"evil"}}}}')).toBe("config-bad-name");
    expect(({} as Record<string, unknown>)["command"]).toBeUndefined();
  });
});
