/** What is said of models and their providers: codes and their arguments. */
import type { Told } from "../told.ts";

/** How the connection to a model's provider ended before its answer did. */
export type Down = "broke-off" | "hung-up" | "ended" | "unnamed" | "midway" | "status";

/** `host` is asked, `name` is the model's shown name, `said` what the provider says, without the key, or nothing. */
export interface ModelsArgs {
  "no-such-model": readonly [];
  "model-key-unreadable": readonly [name: string];
  "model-key-unkept": readonly [];
  "model-key-missing": readonly [];
  "model-elsewhere": readonly [name: string, host: string];
  "model-url-missing": readonly [];
  "model-url-scheme": readonly [];
  "model-url-key": readonly [];
  "model-url-query": readonly [];
  "model-slow": readonly [name: string, host: string, ms: number];
  "model-flood": readonly [name: string];
  "model-garbage": readonly [host: string, said: string];
  "model-redirect": readonly [host: string, where: string];
  "model-down": readonly [how: Down, host: string, status: number, said: string];
  "model-declined": readonly [name: string];
  "model-refused": readonly [host: string, status: number, said: string];
  "model-too-long": readonly [name: string, said: string];
  "model-too-large": readonly [host: string, said: string];
  "model-cut": readonly [got: "text" | "call" | "thoughts" | "nothing", name: string];
  "model-tools": readonly [name: string, said: string];
  "model-quota": readonly [name: string, host: string, said: string];
  "model-unpaid": readonly [host: string, said: string];
  /** Without a key, or with one that is not accepted. */
  "model-keyless": readonly [name: string, host: string, said: string];
  "model-auth": readonly [name: string, host: string, said: string];
  /** `after`: how long the provider asks to wait, ms. */
  "model-rate-limited": readonly [host: string, after: number | null, said: string];
  "model-missing": readonly [host: string, said: string];
  /** What is wrong with the way there, and what may be so of a model alone. */
  "model-unreached": readonly [way: Told, local: "start" | "loading" | "other" | "unsent"];
  "model-failed": readonly [host: string, said: string];
  "model-again": readonly [busy: boolean, ms: number];
}
