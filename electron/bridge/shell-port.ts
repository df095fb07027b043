/**
 * What crosses between the shell (Electron main, or the browser shell's process) and the agent host.
 * The shell is the parent: it starts the host, holds the device keys and owns windows and the tray.
 * The host knows nothing of Electron: in Electron the parent port also carries one MessagePort per window; in the
 * browser shell and in tests windows are multiplexed over the same channel with `window.*` messages.
 */
import { z } from "zod";
import type { DeepReadonly } from "#core/rules/read.ts";
import { AskedAct } from "./act.ts";
import { Told } from "./told.ts";

export const WindowKind = z.enum(["main", "popup"]);
export type WindowKind = DeepReadonly<z.infer<typeof WindowKind>>;

/** Public half of this device: Ed25519 for signatures, X25519 for sealed arguments; both raw, base64url. */
export const DeviceKeys = z.strictObject({
  x: z.string(),
  enc: z.string(),
  storage: z.enum(["keychain", "file"]),
  detail: z.string(),
});
export type DeviceKeys = DeepReadonly<z.infer<typeof DeviceKeys>>;

/** Public halves of one pair of the ring. `device` is the id that workspaces know it by. */
export const PublicKeys = z.strictObject({ device: z.string(), x: z.string(), enc: z.string() });
export type PublicKeys = DeepReadonly<z.infer<typeof PublicKeys>>;

/** Requests of the host to the shell. Answers are `{ ok: true, value }` or `{ ok: false, code, message }`. */
export const shellRequests = {
  /** The oldest pair of this install's ring; makes it on first use. */
  "keys.get": z.strictObject({}),
  /** Every pair of the ring, oldest first. */
  "keys.list": z.strictObject({}),
  /** Makes one more pair and answers its public halves once it is on the disk. */
  "keys.make": z.strictObject({}),
  /**
   * Signs a JWS signing input (`header.payload`) as that device of the ring. The shell reads it: only our `typ`s are
   * signed, an `approval.vote` only when the popup window confirmed exactly that request and vote in the last 30 s, the
   * yes to an own call (`confirm-text.ts`) only when it confirmed the call of exactly that hash, a
   * `device.add` only when it confirmed the number of exactly these keys, what `act.confirm` asks only when it confirmed
   * exactly that, and a `device.rotate` only to another pair of the ring.
   */
  "keys.sign": z.strictObject({ device: z.string().max(64), input: z.string().max(131_072) }),
  /** Opens a sealed text addressed to a device of the ring; answers the plaintext. */
  "keys.open": z.strictObject({ jwe: z.string().max(131_072) }),
  /** Forgets a private key for ever. The only one is kept. */
  "keys.drop": z.strictObject({ device: z.string().max(64) }),
  /** Wraps a secret with the keychain where there is one; the host stores only what comes back. */
  "secret.wrap": z.strictObject({ text: z.string().max(65_536) }),
  "secret.unwrap": z.strictObject({ sealed: z.string().max(131_072) }),
  /**
   * Starts (or finds running) the embedded sync server; answers `{ url }`. `address` is the one of this computer that
   * others dial, kept for later starts; without one it is the last, or the likeliest. `orHere`: where this computer is
   * in no network now, the url of this computer alone is better than none.
   */
  "server.start": z.strictObject({
    reach: z.enum(["computer", "network"]),
    address: z.string().max(64).optional(),
    orHere: z.boolean().optional(),
  }),
  /** Addresses of this computer in networks; answers `{ addresses }`. */
  "server.addresses": z.strictObject({}),
  /** The system's proxies for an address, as a proxy script answers: `PROXY proxy.example.org:3128; DIRECT`. */
  "proxy.of": z.strictObject({ origin: z.string().max(2_048) }),
  notify: z.strictObject({
    title: Told,
    body: Told,
    card: z.strictObject({ wid: z.string(), request: z.string() }).nullable(),
  }),
  badge: z.strictObject({ waiting: z.number().int().nonnegative() }),
  "popup.show": z.strictObject({ wid: z.string(), request: z.string() }),
  /**
   * Draws what would be signed in the popup window and answers once its person said yes there; `not-confirmed` where they
   * said no, closed it or left it. One at a time: a later one ends it.
   */
  "act.confirm": AskedAct,
  /** Begins to pair a second device; answers `{ commitment }`. */
  "pair.begin": z.strictObject({
    wid: z.string().length(22),
    member: z.string().length(22),
    pairing: z.string().length(22),
  }),
  /** What the new device said of itself, once; answers `{ nonce, number }`. Only these keys can then be confirmed. */
  "pair.reveal": z.strictObject({
    pairing: z.string().length(22),
    x: z.string().length(43),
    enc: z.string().length(43),
    name: z.string().min(1).max(80),
    newNonce: z.string().length(22),
  }),
  /** Draws the number in the popup window. */
  "pair.show": z.strictObject({ wid: z.string().length(22), pairing: z.string().length(22) }),
} as const;
export type ShellRequest = keyof typeof shellRequests;

export const ToShell = z.discriminatedUnion("s", [
  z.strictObject({ s: z.literal("ready"), version: z.string() }),
  z.strictObject({ s: z.literal("failed"), error: Told }),
  z.strictObject({ s: z.literal("request"), id: z.number().int(), method: z.string(), params: z.unknown() }),
  /** Multiplexed windows only. */
  z.strictObject({ s: z.literal("window.send"), window: z.number().int(), frame: z.unknown() }),
]);
export type ToShell = DeepReadonly<z.infer<typeof ToShell>>;

export const FromShell = z.discriminatedUnion("s", [
  z.strictObject({ s: z.literal("answer"), id: z.number().int(), ok: z.literal(true), value: z.unknown() }),
  z.strictObject({
    s: z.literal("refusal"),
    id: z.number().int(),
    ok: z.literal(false),
    error: Told,
  }),
  z.strictObject({ s: z.literal("window.open"), window: z.number().int(), kind: WindowKind }),
  z.strictObject({ s: z.literal("window.frame"), window: z.number().int(), frame: z.unknown() }),
  z.strictObject({ s: z.literal("window.close"), window: z.number().int() }),
  /** A join link from the protocol handler, untrusted. */
  z.strictObject({ s: z.literal("link"), url: z.string() }),
  z.strictObject({ s: z.literal("stop") }),
]);
export type FromShell = DeepReadonly<z.infer<typeof FromShell>>;

/** How the shell starts the host: environment, all of it. */
export const HOST_ENV = {
  dataDir: "BULKHEAD_DATA",
  shellKind: "BULKHEAD_SHELL",
  shellDetail: "BULKHEAD_SHELL_DETAIL",
} as const;
