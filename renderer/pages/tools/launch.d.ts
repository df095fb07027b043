/** How a server's launch reads, and how two of them differ. Pure. */
import type { Launch } from "#bridge/views.ts";
/** One line as a shell would show it; arguments with spaces are quoted so that their borders are seen. */
export declare const launchLine: (launch: Launch) => string;
export interface LaunchLine {
    readonly label: string;
    readonly before: string | null;
    readonly after: string | null;
    readonly change: "same" | "added" | "removed" | "changed";
}
export declare const launchDifference: (before: Launch | null, after: Launch) => LaunchLine[];
