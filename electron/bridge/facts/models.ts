/** What is said of models and their providers: codes and their arguments. */
export interface ModelsArgs {
  "no-such-model": readonly [];
}
