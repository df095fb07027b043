/** Promises that wait for the fold to get somewhere. */
export const createWaiters = () => {
  const open = new Set<() => void>();
  return {
    check: (): void => {
      for (const look of open) look();
    },
    until: (ms: number, condition: () => boolean): Promise<boolean> =>
      new Promise((resolve) => {
        const end = (result: boolean): void => {
          clearTimeout(timer);
          open.delete(look);
          resolve(result);
        };
        const look = (): void => {
          if (condition()) end(true);
        };
        const timer = setTimeout(() => end(condition()), ms);
        open.add(look);
        look();
      }),
  };
};
