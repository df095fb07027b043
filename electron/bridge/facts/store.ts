/** What is said of the disk and of this person's file: codes and their arguments. */
export interface StoreArgs {
  "store-closed": readonly [];
  "disk-full": readonly [];
  "store-locked": readonly [];
  /** While it is open; the next start says more. */
  "store-damaged": readonly [];
  /** `aside`: name of the damaged file, or null where there was none. `backup`: day of one that is part of it. */
  "store-corrupt": readonly [
    aside: string | null,
    brought: readonly [threads: number, messages: number, workspaces: number] | null,
    backup: string | null,
    lost: boolean,
  ];
  "store-unwritable": readonly [];
  "store-unreadable": readonly [];
  "store-newer": readonly [];
  /** A log is kept that is above what this version knows. `by`: the version that wrote last, where it said so. */
  "store-above": readonly [level: number, own: string, by: string | null];
  "store-failed": readonly [];
  /** The host, before it has a store. */
  "no-folder": readonly [];
  "host-broken": readonly [];
  /** A sentence that a build from before kept, or a row that cannot be read as a fact. */
  "older-words": readonly [words: string];
  /** Of calls and requests that a damaged file held. */
  "call-unsure": readonly [];
}
