/** What was last told of a workspace's status, so that windows and the gate hear only of a change. */
import type { Live } from "#client/live.ts";

export interface StatusSeen {
  readonly link: string;
  /** ms, server time. */
  readonly since: number;
  readonly code: string | null;
  /** All that is said, with what it names. */
  readonly said: string | null;
  readonly waiting: number;
  readonly seq: number;
}

export const statusSeen = (live: Pick<Live, "link" | "outbox" | "log">): StatusSeen => {
  const { link, since, reason, also } = live.link();
  const [code, said] = reason === null ? [null, null] : [reason.code, JSON.stringify([reason, also])];
  return { link, since, code, said, waiting: live.outbox.waiting(), seq: live.log.seq };
};

export const isSameStatus = (a: StatusSeen | null, b: StatusSeen | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    a.link === b.link &&
    a.since === b.since &&
    a.code === b.code &&
    a.said === b.said &&
    a.waiting === b.waiting &&
    a.seq === b.seq);

/** Whether only how much waits to be sent may differ: which cards a person is told of does not depend on that. */
export const isSameButSending = (a: StatusSeen | null, b: StatusSeen | null): boolean =>
  a !== null && b !== null && isSameStatus({ ...a, waiting: b.waiting }, b);
