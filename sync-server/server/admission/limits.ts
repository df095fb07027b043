/**
 * How much one address, one person, one device and one socket may ask of this node. What is over the limit is closed with
 * 4509. Sockets that have not yet proved who they are have a room of their own, see strangers.ts.
 */
import { CHANNELS_MAX } from "#core/protocol/channels.ts";
import { AUTH_WITHIN_MS, PAIRING_MS } from "#core/protocol/wire.ts";
import type { Log } from "../system/log.ts";
import { createBuckets, createCounter, createRate } from "./rates.ts";
import type { Level, Rate } from "./rates.ts";
import { createSeats } from "./seats.ts";
import type { Seat, SeatNumbers } from "./seats.ts";
import { createStrangers, SHOWN } from "./strangers.ts";
import type { Stranger, StrangerNumbers, Why } from "./strangers.ts";

export interface LimitNumbers extends StrangerNumbers, SeatNumbers {
  /** Commands of one device: steady rate, and how many may come at once. */
  readonly commandsPerSecond: number;
  readonly commandBurst: number;
  /**
   * The same for all devices of one person together. Twice what one device may: people use two machines at once, and anybody
   * may add as many devices as they like, which must not make them louder than their team.
   */
  readonly memberCommandsPerSecond: number;
  readonly memberCommandBurst: number;
  /** States that one person's devices ask for: each is folded from the start of the log. A new device asks once. */
  readonly statesPerMinute: number;
  readonly stateBurst: number;
  /** Bytes of one person's commands: each goes to everybody who reads there. */
  readonly commandBytesPerSecond: number;
  readonly commandByteBurst: number;
  /** Bytes that one person's questions draw out of the store. Who draws more waits. */
  readonly drawnPerSecond: number;
  readonly drawnBurst: number;
  /** Frames of one socket, of any kind, and of all sockets of one person. */
  readonly framesPerSecond: number;
  readonly frameBurst: number;
  readonly personFramesPerSecond: number;
  readonly personFrameBurst: number;
  /** Connections of one device, and channels of one connection. */
  readonly connectionsPerDevice: number;
  readonly channelsPerConnection: number;
  /** How long a closed device has to say what it has of the log, ms. */
  readonly leaveWithinMs: number;
  /** Frames of a stranger in all: an answer, a question that is held, what the stock provider says of presence. */
  readonly strangerFrames: number;
  /** New workspaces from one address. */
  readonly foundingsPerHour: number;
  readonly foundingBurst: number;
  /** Lines in the log about sockets that were closed before they proved who they are. */
  readonly strangerLinesPerMinute: number;
  /** Time for a person to read an invite and to join, and for a founder to found. */
  readonly decideWithinMs: number;
  /** Sockets that one invite keeps open at once. */
  readonly socketsPerInvite: number;
  /** How long a pairing waits for its new device and its person, ms. */
  readonly pairingMs: number;
  readonly pairingsPerWorkspace: number;
  /** Fewer than these, so that nobody keeps a whole team from adding a computer. */
  readonly pairingsPerMember: number;
  /** What each end of a pairing may say. */
  readonly sayingsPerPairing: number;
  /** Attempts of one address to come to a pairing: each may ask the other nodes. */
  readonly pairKnocksPerMinute: number;
  readonly pairKnockBurst: number;
  /** A reader that takes nothing for this long is cut off. */
  readonly stallMs: number;
  /** A peer that answers no ping for this long is cut off, ms. */
  readonly silentMs: number;
  /** Bytes written to a socket and not yet taken. */
  readonly backlogBytes: number;
}

export const LIMITS: LimitNumbers = {
  socketsPerAddress: 4_096,
  socketsPerPerson: 1_024,
  socketsNeverTaken: 128,
  sockets: 16_384,
  strangersPerAddress: 256,
  strangers: 1_024,
  strangersKept: 16,
  keptForMs: 86_400_000,
  commandsPerSecond: 20,
  commandBurst: 100,
  memberCommandsPerSecond: 40,
  memberCommandBurst: 200,
  statesPerMinute: 6,
  stateBurst: 12,
  commandBytesPerSecond: 131_072,
  commandByteBurst: 8_388_608,
  drawnPerSecond: 1_048_576,
  drawnBurst: 33_554_432,
  framesPerSecond: 100,
  frameBurst: 300,
  personFramesPerSecond: 400,
  personFrameBurst: 2_000,
  connectionsPerDevice: 8,
  channelsPerConnection: CHANNELS_MAX,
  leaveWithinMs: 2_000,
  strangerFrames: 16,
  foundingsPerHour: 60,
  foundingBurst: 60,
  authWithinMs: AUTH_WITHIN_MS,
  authWithinFullMs: 5_000,
  strangerLinesPerMinute: 60,
  decideWithinMs: 600_000,
  socketsPerInvite: 16,
  pairingMs: PAIRING_MS,
  pairingsPerWorkspace: 8,
  pairingsPerMember: 2,
  sayingsPerPairing: 6,
  pairKnocksPerMinute: 30,
  pairKnockBurst: 60,
  stallMs: 30_000,
  silentMs: 40_000,
  backlogBytes: 1_048_576,
};

/** What a socket counts as, from its first byte to its last. */
export interface Belt extends Stranger, Seat<Belt> {
  stranger: boolean;
  here: boolean;
}

/** Whose socket it is. `device` where it is a member's own, which vouches for the address. */
export interface Owner {
  readonly as: "device" | "guest";
  readonly name: string;
}

export interface Limits {
  readonly numbers: LimitNumbers;
  /** Counts a new socket. There is always room for one more, but where there is room for no stranger at all. */
  admit(address: string, end: Belt["end"]): Belt | undefined;
  /** The proxy said who dialled. */
  told(belt: Belt, address: string): void;
  /** The socket answered HELLO. */
  answers(belt: Belt): void;
  /** The socket is being closed. Whether that is worth a line: strangers cannot fill the log. */
  closing(belt: Belt): boolean;
  /** The socket proved who it is; false where there are too many and nobody who holds many can give way. */
  known(belt: Belt, owner: Owner): boolean;
  gone(belt: Belt): void;
  /** Counts a socket of that invite, or answers false where it has too many. */
  inviteCame(invite: string): boolean;
  inviteLeft(invite: string): void;
  /** A command of that device of that member, each named with its workspace. */
  command(device: string, member: string, bytes?: number): boolean;
  /** How long that member has to wait for so many bytes, ms; a negative number gives some back. */
  draw(member: string, bytes: number): number;
  /** A state asked for by that member, named with its workspace. */
  state(member: string): boolean;
  /** A command of somebody who is no member yet. */
  strangerCommand(address: string): boolean;
  founding(address: string): boolean;
  pairKnock(address: string): boolean;
  /** A frame of that socket, of which `level` is left, or one that counts for several. */
  frame(belt: Belt, level: Level, count?: number): boolean;
  /** Frames of a socket, before and after somebody signed in on it. */
  readonly frames: Rate;
  readonly strangerFrames: Rate;
  sweep(): void;
}

/** One line a minute at most, however many come. */
const CROWDED_EVERY_MS = 60_000;
const createCrowd = (now: () => number, log: Log) => {
  let turned = 0;
  let toldAt: number | undefined;
  const tell = (): void => {
    if (turned === 0 || (toldAt !== undefined && Math.abs(now() - toldAt) < CROWDED_EVERY_MS)) return;
    log({ event: "crowded", count: turned });
    [turned, toldAt] = [0, now()];
  };
  return {
    tell,
    turned: (): void => {
      turned += 1;
      tell();
    },
  };
};

export const createLimits = (numbers: LimitNumbers, now: () => number, log: Log = () => undefined): Limits => {
  const invites = createCounter();
  const crowd = createCrowd(now, log);
  const lost = (belt: Belt, why: Why): void => {
    belt.here = false;
    if (why === "crowded") crowd.turned();
  };
  const strangers = createStrangers<Belt>(numbers, now, lost);
  const seats = createSeats<Belt>(numbers, (belt) => lost(belt, "crowded"));
  const strangerLines = createBuckets(numbers.strangerLinesPerMinute / 60, numbers.strangerLinesPerMinute, now);
  const commands = createBuckets(numbers.commandsPerSecond, numbers.commandBurst, now);
  const members = createBuckets(numbers.memberCommandsPerSecond, numbers.memberCommandBurst, now);
  const commandBytes = createBuckets(numbers.commandBytesPerSecond, numbers.commandByteBurst, now);
  const drawn = createBuckets(numbers.drawnPerSecond, numbers.drawnBurst, now);
  const personFrames = createBuckets(numbers.personFramesPerSecond, numbers.personFrameBurst, now);
  const frames = createRate(numbers.framesPerSecond, numbers.frameBurst, now);
  const strangerFrames = createRate(0, numbers.strangerFrames, now);
  const states = createBuckets(numbers.statesPerMinute / 60, numbers.stateBurst, now);
  const foundings = createBuckets(numbers.foundingsPerHour / 3_600, numbers.foundingBurst, now);
  const pairKnocks = createBuckets(numbers.pairKnocksPerMinute / 60, numbers.pairKnockBurst, now);

  return {
    numbers,
    admit: (address, end) => {
      if (Math.min(numbers.strangers, numbers.strangersPerAddress) < 1) return undefined;
      const belt: Belt = {
        address,
        shown: SHOWN.nothing,
        since: now(),
        end,
        stranger: true,
        here: true,
        owned: undefined,
      };
      strangers.add(belt);
      return belt;
    },
    told: strangers.move,
    answers: (belt) => void (belt.shown = SHOWN.answer),
    closing: (belt) => {
      belt.shown = SHOWN.leaving;
      return !belt.stranger || strangerLines.take("");
    },
    known: (belt, { as, name }) => {
      if (!belt.here || !belt.stranger) return belt.here;
      strangers.remove(belt);
      belt.stranger = false;
      if (as === "device") strangers.proved(belt.address);
      return seats.take(belt, name);
    },
    gone: (belt) => {
      belt.here = false;
      strangers.remove(belt);
      seats.leave(belt);
    },
    inviteCame: (invite) => {
      if (invites.of(invite) >= numbers.socketsPerInvite) return false;
      invites.add(invite, 1);
      return true;
    },
    inviteLeft: (invite) => invites.add(invite, -1),
    command: (device, member, bytes = 0) =>
      commands.take(device) && members.take(member) && commandBytes.take(member, bytes),
    draw: drawn.spend,
    state: states.take,
    strangerCommand: commands.take,
    founding: foundings.take,
    pairKnock: pairKnocks.take,
    frame: (belt, level, count = 1) =>
      belt.owned === undefined
        ? strangerFrames.take(level)
        : frames.take(level, count) && personFrames.take(belt.owned.name, count),
    frames,
    strangerFrames,
    sweep: () => {
      crowd.tell();
      strangers.sweep();
      for (const buckets of [
        commands,
        members,
        commandBytes,
        drawn,
        personFrames,
        strangerLines,
        states,
        foundings,
        pairKnocks,
      ])
        buckets.sweep();
    },
  };
};
