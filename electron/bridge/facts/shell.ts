/** What is said as the shell: codes and their arguments. */
export interface ShellArgs {
  "host-silent": readonly [];
  "act-over": readonly [];
}
