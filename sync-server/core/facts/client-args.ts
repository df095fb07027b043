/** What the protocol's client says: codes and their arguments. */
import type { MemberId } from "../protocol/ids.ts";
import type { RejectCode } from "./reject.ts";
import type { Trouble } from "./trouble.ts";

/** A member where only a line of text is shown: beside the name what tells them from whoever could be taken for them. */
export type LineName = readonly [
  id: MemberId,
  name: string,
  told: { readonly role: string | null; readonly joinedAt: number; readonly not: readonly LikeName[] } | null,
];
/** Role: null of somebody who is no longer a member. */
export type LikeName = readonly [id: MemberId, name: string, role: string | null];

/** What the status line says. */
interface StatusArgs {
  paused: readonly [];
  "app-too-old": readonly [];
  "server-too-old": readonly [];
  unreadable: readonly [];
  offline: readonly [server: string, trouble: Trouble | null];
  "workspace-unserved": readonly [server: string];
  "device-unserved": readonly [server: string];
  "refused-unshown": readonly [];
  "refused-unfit": readonly [];
  "refused-mixed-up": readonly [];
  /** Sentences that stand after another. */
  "requests-wait": readonly [];
  "goes-by-itself": readonly [];
  "tries-again": readonly [];
  "tell-if-it-lasts": readonly [];
  "nothing-changed": readonly [];
  "held-recovering": readonly [];
  "held-storage": readonly [];
}

/** Why this computer is out, by what is verified here. */
interface OutArgs {
  "out-left": readonly [];
  "out-removed": readonly [by: LineName | null];
  "out-came-back": readonly [];
  "out-key-elsewhere": readonly [];
  "out-closed": readonly [by: LineName | null];
  "out-closed-self": readonly [];
  "out-key-gone": readonly [];
}

/** What answered with HTTP where a sync server would have opened a socket. */
interface AnsweredArgs {
  "server-name": readonly [server: string];
  "proxy-no-upgrade": readonly [server: string];
  "server-busy": readonly [server: string];
  "server-or-proxy-busy": readonly [server: string];
  "server-behind-proxy": readonly [server: string];
  "server-silent-behind-proxy": readonly [server: string];
  "server-elsewhere": readonly [server: string];
  "server-not-bulkhead": readonly [server: string, status: number];
}

/** At the door of a server, before there is a copy. */
interface DoorArgs {
  "server-unreachable": readonly [server: string, trouble: Trouble | null];
  "server-stranger": readonly [server: string];
  "invite-unknown": readonly [];
  "workspace-unknown": readonly [server: string];
  "founded-already": readonly [];
  "server-closed": readonly [server: string];
  "founding-link": readonly [server: string];
  "door-app-too-old": readonly [server: string];
  "door-server-too-old": readonly [server: string];
  "door-busy": readonly [];
  "door-storage": readonly [];
  "server-refused": readonly [server: string];
  "no-answer-yet": readonly [];
}

/** What became of a command. */
interface SentArgs {
  "takes-nothing": readonly [];
  "key-replaced": readonly [];
  "not-saved": readonly [];
  "not-taken": readonly [];
  "not-connected": readonly [];
  "no-answer": readonly [];
  "still-sending": readonly [];
  "paused-first": readonly [];
  /** Both dates in ms. `blames` is what the server said of them. */
  "clocks-apart": readonly [blames: RejectCode, own: number, server: number];
  /** A name by itself. */
  "line-name": readonly [of: LineName];
  /** Why a connection to another computer failed. `typed`: the person wrote its address, and may have to mend it. */
  trouble: readonly [trouble: Trouble, who: string, typed: boolean];
}

/** What a server says or does that is not a proof of a lie yet. */
interface DoubtArgs {
  withheld: readonly [];
  denied: readonly [];
  frozen: readonly [];
  "head-old": readonly [];
  "head-signature": readonly [];
}

/** What is said of the verified copy of the log. */
interface CopyArgs extends DoubtArgs {
  "update-app": readonly [];
  /** `lie` is what was found; `heals`: it is over when the server shows again all that was verified here. */
  tampered: readonly [lie: string, heals: boolean];
  /** One sentence for what was found. */
  lie: readonly [lie: string];
  "set-back": readonly [];
  "gave-back": readonly [entries: number];
}

/** What is said of the keys of this device. */
interface KeysArgs {
  "lease-ended": readonly [];
  "nobody-to-open": readonly [];
  "sealed-damaged": readonly [];
  "keys-unreadable": readonly [];
  "no-such-key": readonly [];
  "key-unsound": readonly [];
}

export interface ClientArgs extends StatusArgs, OutArgs, AnsweredArgs, DoorArgs, SentArgs, CopyArgs, KeysArgs {}
