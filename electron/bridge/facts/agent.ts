/** What is said of threads and runs: codes and their arguments. */
export interface AgentArgs {
  stopped: readonly [];
}
