/** Time before the next start of a child that keeps stopping: doubles from `first` to `most`, ms. */
export const createBackoff = (first: number, most: number) => {
  let next = first;
  return {
    next: (): number => {
      const now = next;
      next = Math.min(next * 2, most);
      return now;
    },
    reset: (): void => {
      next = first;
    },
  };
};
