/** A queue as it is typed, and as it is sent. Pure. */
import type { QueueView } from "#bridge/views.ts";
export interface GroupDraft {
    readonly n: string;
    readonly roles: readonly string[];
    readonly members: readonly string[];
}
export interface QueueDraft {
    readonly name: string;
    readonly groups: readonly GroupDraft[];
    readonly deny: string;
    /** Minutes. */
    readonly decide: string;
    readonly use: string;
}
export declare const draftOf: (queue: QueueView | null) => QueueDraft;
export declare const queueOf: (draft: QueueDraft, id: string) => {
    readonly ok: true;
    readonly queue: QueueView;
} | {
    readonly ok: false;
    readonly problem: string;
};
/** An id in the shape the log wants (`[a-z][a-z0-9-]{0,31}`), made from the name and not yet taken. */
export declare const newQueueId: (name: string, taken: readonly string[]) => string;
