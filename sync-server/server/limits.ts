/** How much one address, one device and one socket may ask of the server. What is over the limit is closed with 4509. */
import { AUTH_WITHIN_MS } from "#core/wire.ts";

export interface LimitNumbers {
  /** Sockets of one address, and those of them that have not yet proved who they are. */
  readonly socketsPerAddress: number;
  readonly strangersPerAddress: number;
  readonly sockets: number;
  readonly strangers: number;
  /** Commands of one device: steady rate, and how many may come at once. */
  readonly commandsPerSecond: number;
  readonly commandBurst: number;
  /** Frames of one socket, of any kind. */
  readonly framesPerSecond: number;
  readonly frameBurst: number;
  /** New workspaces from one address. */
  readonly foundingsPerHour: number;
  readonly foundingBurst: number;
  readonly authWithinMs: number;
  /** A reader that takes nothing for this long is cut off. */
  readonly stallMs: number;
  /** A peer that answers no ping for this long is cut off, ms. */
  readonly silentMs: number;
  /** Bytes written to a socket and not yet taken. */
  readonly backlogBytes: number;
}

export const LIMITS: LimitNumbers = {
  socketsPerAddress: 4_096,
  strangersPerAddress: 256,
  sockets: 16_384,
  strangers: 1_024,
  commandsPerSecond: 20,
  commandBurst: 100,
  framesPerSecond: 100,
  frameBurst: 300,
  foundingsPerHour: 60,
  foundingBurst: 60,
  authWithinMs: AUTH_WITHIN_MS,
  stallMs: 30_000,
  silentMs: 40_000,
  backlogBytes: 1_048_576,
};

export interface Bucket {
  /** Whether one more is within the rate; counts it. */
  take(): boolean;
  readonly full: boolean;
}

/** `perSecond` refill up to `burst`. */
export const createBucket = (perSecond: number, burst: number, now: () => number): Bucket => {
  let level = burst;
  let at = now();
  const refill = (): void => {
    const time = now();
    level = Math.min(burst, level + (Math.max(0, time - at) / 1_000) * perSecond);
    at = time;
  };
  return {
    take: () => {
      refill();
      if (level < 1) return false;
      level -= 1;
      return true;
    },
    get full() {
      refill();
      return level >= burst;
    },
  };
};

/** One bucket for each name; names that are back at full are forgotten by `sweep`. */
const createBuckets = (perSecond: number, burst: number, now: () => number) => {
  const buckets = new Map<string, Bucket>();
  return {
    take: (name: string): boolean => {
      const bucket = buckets.get(name) ?? createBucket(perSecond, burst, now);
      buckets.set(name, bucket);
      return bucket.take();
    },
    sweep: (): void => {
      for (const [name, bucket] of buckets) if (bucket.full) buckets.delete(name);
    },
  };
};

export interface Seatbelt {
  /** The socket proved who it is. */
  known(): void;
  gone(): void;
}

export interface Limits {
  readonly numbers: LimitNumbers;
  /** Counts a new socket, or answers undefined where there are too many. */
  admit(address: string): Seatbelt | undefined;
  command(device: string): boolean;
  founding(address: string): boolean;
  frames(): Bucket;
  sweep(): void;
}

const createCounter = () => {
  const counts = new Map<string, number>();
  return {
    of: (name: string): number => counts.get(name) ?? 0,
    add: (name: string, by: 1 | -1): void => {
      const next = (counts.get(name) ?? 0) + by;
      if (next <= 0) counts.delete(name);
      else counts.set(name, next);
    },
  };
};

export const createLimits = (numbers: LimitNumbers, now: () => number): Limits => {
  const sockets = createCounter();
  const strangers = createCounter();
  let all = 0;
  let unknown = 0;
  const commands = createBuckets(numbers.commandsPerSecond, numbers.commandBurst, now);
  const foundings = createBuckets(numbers.foundingsPerHour / 3_600, numbers.foundingBurst, now);

  const admit = (address: string): Seatbelt | undefined => {
    const full = all >= numbers.sockets || unknown >= numbers.strangers || sockets.of(address) >= numbers.socketsPerAddress || strangers.of(address) >= numbers.strangersPerAddress;
    if (full) return undefined;
    all += 1;
    unknown += 1;
    sockets.add(address, 1);
    strangers.add(address, 1);
    let stranger = true;
    let here = true;
    const known = (): void => {
      if (!stranger) return;
      stranger = false;
      unknown -= 1;
      strangers.add(address, -1);
    };
    const gone = (): void => {
      if (!here) return;
      here = false;
      known();
      all -= 1;
      sockets.add(address, -1);
    };
    return { known, gone };
  };

  return {
    numbers,
    admit,
    command: commands.take,
    founding: foundings.take,
    frames: () => createBucket(numbers.framesPerSecond, numbers.frameBurst, now),
    sweep: () => {
      commands.sweep();
      foundings.sweep();
    },
  };
};
