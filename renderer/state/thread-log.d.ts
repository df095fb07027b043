/**
 * What a window holds of a thread: a sparse set of messages by their position. A thread of 10,000 messages costs only
 * the pages that were looked at. Pure: events and pages in, the next value out.
 */
import type { ThreadEvent } from "#bridge/contract.ts";
import type { MessageView } from "#bridge/views.ts";
export interface ThreadLog {
    readonly messages: ReadonlyMap<number, MessageView>;
    readonly positions: ReadonlyMap<string, number>;
    readonly total: number;
}
export declare const emptyLog: ThreadLog;
export declare const withMessages: (log: ThreadLog, added: readonly MessageView[], total: number) => ThreadLog;
/** The newest page, loaded again after events were missed: everything older is forgotten and loaded when looked at. */
export declare const restarted: (page: readonly MessageView[], total: number) => ThreadLog;
export declare const afterEvent: (log: ThreadLog, event: Exclude<ThreadEvent, {
    kind: "reload";
}>) => ThreadLog;
/** The `before` to ask for so that a page of `size` holds `seq` near its middle, or null when it is held already. */
export declare const missingPage: (log: ThreadLog, seq: number, size: number) => number | null;
