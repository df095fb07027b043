/**
 * The only door to the agent host. `request` calls a method, `watch` follows a topic, `onThread` hears a thread's
 * events. Everything that comes in is parsed; what does not fit becomes an error, never a value.
 */
import "./state/strict-zod.ts";
import { ThreadEvent, type Method, type Params, type Result, type TopicKind, type TopicValue } from "#bridge/contract.ts";
import { ToWindow } from "#bridge/frames.ts";
import type { Code } from "#bridge/views.ts";
import type { Wire, WireEvents } from "./transport.ts";
/** What went wrong with a request: `code` for the program, `message` for the person. */
export declare class Failure extends Error {
    readonly code: string;
    constructor(error: Code);
}
export interface LinkState {
    readonly state: "connecting" | "up" | "failed";
    readonly error: Code | null;
}
export interface TopicState<V> {
    readonly value: V | undefined;
    readonly error: Code | null;
}
/** What the browser shell tells the page, where Electron tells the operating system. */
export type Notice = Extract<ToWindow, {
    f: "notify" | "badge";
}>;
export type Bridge = ReturnType<typeof createBridge>;
export declare const createBridge: (open: (events: WireEvents) => Wire) => {
    request: <M extends Method>(method: M, params: Params<M>) => Promise<Result<M>>;
    watch: (kind: TopicKind, argument: string | undefined, listener: () => void) => (() => void);
    read: <K extends TopicKind>(kind: K, argument?: string) => TopicState<TopicValue<K>>;
    onThread: (thread: string, listener: (event: ThreadEvent) => void) => (() => void);
    /** After a new connection, when events may have been missed. */
    onUp: (listener: () => void) => (() => void);
    onPopup: (listener: (url: string) => void) => (() => void);
    onNotice: (listener: (notice: Notice) => void) => (() => void);
    onLink: (listener: () => void) => (() => void);
    link: () => LinkState;
    retry: () => void;
};
/** What may be shown of anything that was thrown. */
export declare const codeOf: (error: unknown) => Code;
