/** What is said to a window about its requests: codes and their arguments. */
export interface RpcArgs {
  "not-here": readonly [];
}
