/** What is said of calls that are judged: codes and their arguments. */
export interface GateArgs {
  "no-such-tool": readonly [server: string];
}
