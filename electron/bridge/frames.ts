/**
 * Frames of the RPC, the same over a MessagePort (Electron) and a WebSocket (browser shell, JSON text).
 *
 * Back-pressure: the host numbers its events (`n`, from 1) and the window answers `ack` with the highest it has
 * handled. Past UNACKED_EVENTS_MAX the host drops events and later sends one `reload` for each thread and list, and of each
 * topic what then differs from what it sent last, so a frozen window costs the host a bounded amount of memory.
 */
import { z } from "zod";
import type { DeepReadonly } from "#core/rules/read.ts";
import { ShownAct } from "./act.ts";
import { Told } from "./told.ts";

export const UNACKED_EVENTS_MAX = 256;
/** Largest frame a window may send, in characters of JSON: a whole draft fits, even where each character is escaped. */
export const FRAME_MAX = 8_388_608;
/** The same in bytes on a socket, where a character takes up to three. */
export const FRAME_MAX_BYTES = 3 * FRAME_MAX;

export const ToHost = z.discriminatedUnion("f", [
  z.strictObject({
    f: z.literal("call"),
    id: z.number().int().nonnegative(),
    method: z.string().max(64),
    params: z.unknown(),
  }),
  z.strictObject({ f: z.literal("ack"), n: z.number().int().nonnegative() }),
]);
export type ToHost = DeepReadonly<z.infer<typeof ToHost>>;

/** All that a host says to a window. What else a window hears is the shell's word, which a host cannot speak. */
export const FromHost = z.discriminatedUnion("f", [
  z.strictObject({ f: z.literal("ok"), id: z.number().int(), result: z.unknown() }),
  z.strictObject({ f: z.literal("error"), id: z.number().int(), error: Told }),
  z.strictObject({ f: z.literal("topic"), n: z.number().int(), topic: z.string(), value: z.unknown() }),
  /** What changed in a topic since the frame of that number, 0 for the answer to `watch` (`change.ts`). */
  z.strictObject({
    f: z.literal("change"),
    n: z.number().int(),
    topic: z.string(),
    since: z.number().int(),
    change: z.unknown(),
  }),
  z.strictObject({ f: z.literal("thread"), n: z.number().int(), event: z.unknown() }),
  z.strictObject({ f: z.literal("list"), n: z.number().int(), event: z.unknown() }),
]);

export const ToWindow = z.discriminatedUnion("f", [
  ...FromHost.options,
  /** Sent by the shell, not the host: `starting`, `ready`, or `failed` with what to do. */
  z.strictObject({ f: z.literal("host"), state: z.enum(["starting", "ready", "failed"]), error: Told.nullable() }),
  /** Browser shell: the address of a card's popup page, with its one-time token; the main window opens it. */
  z.strictObject({ f: z.literal("popup"), url: z.string() }),
  /** Sent by the shell to the popup of a pairing: the number that follows from what was exchanged, and the new computer's name. */
  z.strictObject({ f: z.literal("pairing"), name: z.string(), number: z.string() }),
  /** Sent by the shell to the popup of an act: what would be signed. Null once it is over without an answer. */
  z.strictObject({ f: z.literal("act"), act: ShownAct.nullable() }),
  /** Browser shell, first frame: the token with which this window connects again. */
  z.strictObject({ f: z.literal("session"), token: z.string() }),
  /** Browser shell: what Electron shows as a notification of the operating system; no private text. */
  z.strictObject({
    f: z.literal("notify"),
    title: z.string(),
    body: z.string(),
    card: z.strictObject({ wid: z.string(), request: z.string() }).nullable(),
  }),
  /** Browser shell: how many cards wait for this person, for the page's title. */
  z.strictObject({ f: z.literal("badge"), waiting: z.number().int().nonnegative() }),
]);
export type ToWindow = DeepReadonly<z.infer<typeof ToWindow>>;
