/**
 * The wire under the bridge: a MessagePort behind the preload (Electron), or a WebSocket to this page's own origin
 * (browser shell). The one-time token in the address is spent on the first connection; the shell answers with a token
 * for this window, which lives as long as the tab.
 */
import type { ToHost } from "#bridge/frames.ts";
export interface WireEvents {
    /** A fresh connection: all watches must be asked for again. */
    up(): void;
    /** `final` when no retry will help: the token was refused. */
    down(final: boolean): void;
    frame(frame: unknown): void;
}
export interface Wire {
    send(frame: ToHost): void;
    retry(): void;
}
interface ElectronShell {
    readonly kind: "electron";
    connect(onFrame: (frame: unknown) => void): {
        send(frame: unknown): void;
    };
    copy(text: string): unknown;
    openLink(url: string): unknown;
}
declare global {
    interface Window {
        readonly bulkhead?: ElectronShell;
    }
}
/** Values after `#` in this page's address: `token`, and for the popup `wid` and `request`. */
export declare const addressValues: () => URLSearchParams;
export declare const isElectron: () => boolean;
export declare const openWire: (events: WireEvents) => Wire;
export {};
