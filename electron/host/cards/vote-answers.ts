/** What the server said to a vote of this person's, while somebody waits for it. */
import type { Hash } from "#core/protocol/ids.ts";
import type { WorkspaceStore } from "#client/ports/store.ts";

const ANSWER_WITHIN_MS = 10_000;

export interface VoteAnswers {
  /** Why the server refused it; null where it took it or did not answer soon: then it is sent again later. */
  to(wid: string, command: Hash): Promise<string | null>;
  /** It answered; whether somebody waited for that. */
  came(command: string, code: string | null): boolean;
}

export const createVoteAnswers = (rows: Pick<WorkspaceStore, "outboxRow">): VoteAnswers => {
  const waiting = new Map<string, (code: string | null) => void>();
  return {
    to: (wid, command) =>
      new Promise((resolve) => {
        const end = (code: string | null): void => {
          clearTimeout(timer);
          waiting.delete(command);
          resolve(code);
        };
        const timer = setTimeout(() => end(null), ANSWER_WITHIN_MS);
        waiting.set(command, end);
        const row = rows.outboxRow(wid, command);
        if (row !== null && row.state !== "waiting") end(row.code);
      }),
    came: (command, code) => {
      const end = waiting.get(command);
      end?.(code);
      return end !== undefined;
    },
  };
};
