/** Puts `value` as the newest of `map`, also where `key` was there, and forgets the oldest above `most`. */
export const putNewest = <K, V>(map: Map<K, V>, key: K, value: V, most: number): void => {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
};
