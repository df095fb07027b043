/**
 * Ports between rooms that need each other: one of two is made first and is handed the way to the other, which is filled
 * in when that is made. Who asks too early, or forgets to fill one, hears which it was at the start and not on the day
 * when somebody first clicks.
 */
export interface Late<T> {
  (): T;
  leadTo(value: T): void;
}

const ports = new WeakMap<object, { readonly name: string; readonly filled: () => boolean }>();

export const late = <T extends object>(name: string): Late<T> => {
  let value: T | null = null;
  const port = Object.assign(
    (): T => {
      if (value === null) throw new Error(`${name} is asked before it is there`);
      return value;
    },
    {
      leadTo: (given: T): void => {
        if (value !== null) throw new Error(`${name} is there already`);
        value = given;
      },
    },
  );
  ports.set(port, { name, filled: () => value !== null });
  return port;
};

/** Call where everything is made: throws where one of them still leads nowhere. */
export const allFilled = (...given: readonly (() => object)[]): void => {
  const open = given.flatMap((port) => {
    const known = ports.get(port);
    return known === undefined || known.filled() ? [] : [known.name];
  });
  if (open.length > 0) throw new Error(`nothing stands behind ${open.join(", ")}`);
};
