/**
 * A store is made only when somebody says so. A server that is started on the wrong path, or before its disk is there, would
 * otherwise come up with an empty one, tell every app that its workspace does not exist, and take new ones meanwhile.
 */
import { generateServerKey } from "../system/server-key.ts";
import { StoreProblem } from "../store/store.ts";
import type { ChainStore } from "../store/store.ts";

const KEY = "server-key";

/** Gives a store its key: with that it is one. Rejects with `StoreProblem` where there was one. */
export const makeNew = async (store: Pick<ChainStore, "workspaces" | "secret">, where: string): Promise<void> => {
  let isNew = false;
  const make = (): string => {
    isNew = true;
    return generateServerKey();
  };
  if ((await store.workspaces()).length === 0) await store.secret(KEY, make);
  if (!isNew)
    throw new StoreProblem(
      "exists",
      `There is a store in ${where} already, and nothing was changed. Start the server without --new-store.`,
    );
};

/** The key that signs heads. A store that lost it must not get another one by the way: to every app that would be another server. */
export const keptKey = (store: Pick<ChainStore, "secret">, where: string): Promise<string> =>
  store.secret(KEY, () => {
    throw new StoreProblem(
      "no-key",
      `The store in ${where} has lost the server's key. Restore it from a backup: with another key no approved call would run in any app.`,
    );
  });
