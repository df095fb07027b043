/**
 * Counts the changes that this process makes to rows. The agent host is the only one that writes its store, so what was
 * read of a row holds while its count is the same. A change that is rolled back is counted too: then it is read again.
 */
export const countChanges = (): { changed(id: string): void; changes(id: string): number } => {
  const counts = new Map<string, number>();
  return {
    changed: (id) => void counts.set(id, (counts.get(id) ?? 0) + 1),
    changes: (id) => counts.get(id) ?? 0,
  };
};
