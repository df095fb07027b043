/** What is said of the policy: codes and their arguments. */
export interface PolicyArgs {
  "queue.last": readonly [];
  "queue.asked": readonly [rules: number];
}
