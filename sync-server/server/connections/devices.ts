/** Connections of each device: so many at once. The oldest goes, which after a lost one is what nobody is behind any more. */
import { CLOSE } from "#core/protocol/wire.ts";
import { close } from "./peer.ts";
import type { Connection } from "./peer.ts";

export interface Devices {
  /** `name` is the device's, with its workspace. */
  came(name: string, connection: Connection): void;
  left(name: string, connection: Connection): void;
}

export const createDevices = (most: number): Devices => {
  /** In the order they came. */
  const open = new Map<string, Set<Connection>>();
  return {
    came: (name, connection) => {
      const here = open.get(name) ?? new Set<Connection>();
      open.set(name, here.add(connection));
      const [oldest] = here;
      if (here.size <= most || oldest === undefined) return;
      here.delete(oldest);
      close(oldest, CLOSE.tooMuch, "too-many-of-this-device");
    },
    left: (name, connection) => {
      const here = open.get(name);
      here?.delete(connection);
      if (here?.size === 0) open.delete(name);
    },
  };
};
