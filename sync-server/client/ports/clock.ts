/** Time as it is handed to the client, so that limits do not depend on the machine that runs a test. */
export interface Clock {
  /** Wall time, ms. */
  now(): number;
  /** Never goes back; ms. Time limits of approvals are measured with it while the process lives. */
  monotonic(): number;
}

export interface Timers {
  /** Runs `work` once, `ms` from now, and answers its own undoing. It keeps no process alive. */
  after(ms: number, work: () => void): () => void;
  /** Runs `work` in a later turn of the event loop, after what has arrived meanwhile. */
  soon(work: () => void): void;
}
