/** The list behind `/` in the composer. Pure. */
import type { QueueView, ServerView, ToolsView, ToolView } from "#bridge/views.ts";
export interface ToolChoice {
    readonly server: ServerView;
    readonly tool: ToolView;
    readonly path: string;
}
/** Tools that can be called now. */
export declare const readyTools: (tools: ToolsView | undefined) => ToolChoice[];
/** Those whose name holds every word typed; names that begin with it come first. */
export declare const matching: (choices: readonly ToolChoice[], typed: string) => ToolChoice[];
export declare const queueName: (queues: readonly QueueView[] | undefined, id: string) => string;
