/** What is said of tool servers and their tools: codes and their arguments. */
export interface ToolsArgs {
  /** What only a shell understands. */
  "config-shell-syntax": readonly [char: string];
  "config-many-lines": readonly [];
  "config-unclosed-quote": readonly [quote: string];
  "tool.suggested": readonly [];
}
