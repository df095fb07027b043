/** Ends a connection or a pool without waiting for a database that is gone and would never answer. */
export const goodbye = async (ended: { end(): Promise<void> }, withinMs: number): Promise<void> => {
  const told = ended.end().catch(() => {
    // It is gone already.
  });
  await Promise.race([told, new Promise((resolve) => setTimeout(resolve, withinMs).unref())]);
};
