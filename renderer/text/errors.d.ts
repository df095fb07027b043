/** Sentences for what can go wrong between this window and its agent host. */
export declare const bridgeWords: {
    readonly away: {
        readonly code: "host-away";
        readonly message: "The agent host is not connected to this window right now. Nothing was sent. Try again in a moment.";
    };
    readonly badAnswer: {
        readonly code: "bad-answer";
        readonly message: "The agent host answered in a way this window does not know. Nothing was lost. Restart Bulkhead so that both are of the same version.";
    };
    readonly gone: {
        readonly code: "window-refused";
        readonly message: "Bulkhead is not running, or the address of this window was used before. Your threads are safe on this computer. Start Bulkhead again and open the address it prints.";
    };
    readonly unexpected: {
        readonly code: "unexpected";
        readonly message: "Something in this window failed. Nothing was sent. Try again.";
    };
};
export declare const linkWords: {
    readonly connecting: "Starting the agent host";
    readonly connectingHint: "It opens your threads and tools on this computer.";
    readonly failed: "The agent host is not running";
    readonly retry: "Retry";
};
