/** Words that many places share. */
export declare const commonWords: {
    readonly product: "Bulkhead";
    readonly close: "Close";
    readonly cancel: "Cancel";
    readonly save: "Save";
    readonly back: "Back";
    readonly copy: "Copy";
    readonly copied: "Copied";
    readonly loading: "Loading";
    readonly exactTime: (at: number) => string;
};
/** Words for which side of the wall a text is on. */
export declare const boundaryWords: {
    readonly private: "Only on this computer";
    readonly privateWhy: "No teammate and no server can read this. It is kept in a database on this computer.";
    readonly leaves: (to: string) => string;
    readonly sealed: "Arguments go encrypted to approvers";
};
/** "in 3 days", "2 min ago": short, for lists, rounded to the nearest unit. */
export declare const relativeWords: (at: number, now: number) => string;
/** What is left of a time limit: "04:12", "1 h 20 min", "2 days". Never negative. */
export declare const countdownWords: (until: number, now: number) => string;
export declare const durationWords: (ms: number) => string;
export declare const bytesWords: (bytes: number) => string;
export declare const countWords: (n: number, one: string, many: string) => string;
