/**
 * What a device's key may sign. The host asks for signatures, but a host that was taken over must not be able to use
 * the keys as it likes: only our own formats are signed, only in the name of the device that signs, and a vote on an
 * approval, a yes to an own call, a new device or an act of `WAYS` only after the person confirmed exactly that in the
 * popup window, which the shell draws. A device is replaced only by another key of this ring: a key from elsewhere would vote without that window.
 */
import { AUTH2_TYP, auth2Payload } from "#core/protocol/channels.ts";
import { isCritical } from "#core/protocol/levels.ts";
import {
  AUTH_TYP,
  authPayload,
  bodies,
  COMMAND_TYP,
  deviceProofText,
  INVITE_TYP,
  invitePayload,
  parseCommand,
  parseSigned,
} from "#core/protocol/command.ts";
import type { CommandPayload, Kind } from "#core/protocol/command.ts";
import { asksInWindow } from "#bridge/act.ts";
import type { ActKind } from "#bridge/act.ts";
import type { PublicKeys } from "#bridge/shell-port.ts";
import { told } from "#bridge/told.ts";
import type { Told, ToldArgs, ToldCode } from "#bridge/told.ts";
import { confirmText } from "#core/protocol/confirm-text.ts";
import { asMemberId, asWorkspaceId } from "#core/protocol/ids.ts";
import { json } from "#core/protocol/parse.ts";
import type { Parser } from "#core/protocol/parse.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { actSays } from "./acts.ts";
import type { ClickedAct } from "./acts.ts";
import type { NewDevice } from "./pairing.ts";

/** One click in the popup window, on a card: of somebody's request, or of an own call, whose id is the hash of its bytes. */
export interface VoteConfirmation {
  readonly wid: string;
  readonly request: string;
  readonly vote: "approve" | "reject";
  /** ms, on the clock of whoever recorded it. */
  readonly expires: number;
}
/** One click in the popup window: the number of a new device's keys is the same on both screens. */
export interface DeviceConfirmation extends NewDevice {
  readonly expires: number;
}
/** One click in the popup window, on an act that it showed. */
export interface ActConfirmation extends ClickedAct {
  readonly expires: number;
}
export type Confirmation = VoteConfirmation | DeviceConfirmation | ActConfirmation;
export const CONFIRMATION_LIFE_MS = 30_000;

/**
 * Every kind that the table of kinds marks, and which click it takes: on the card, on the number of the new keys, or in
 * the window of acts. `later` is signed without one so far; ../main/WHY.md, 17, says why.
 */
export const WAYS: Partial<Record<Kind, "card" | "number" | "window" | "later">> = {
  "approval.vote": "card",
  "device.add": "number",
  "workspace.level": "window",
  "member.role": "window",
  "approval.delegate": "window",
  "policy.set": "later",
  "tool.accept": "later",
};

export type Signable =
  | { readonly ok: true; readonly uses: Confirmation | null }
  | { readonly ok: false; readonly why: Told };

/** What is there to sign with: the device that would, and every pair of the ring. */
export interface Signers {
  readonly signer: PublicKeys;
  readonly ring: readonly PublicKeys[];
}

/** Whether `input` may be signed now, and which confirmation that uses up. */
export const signable = (
  input: string,
  { signer, ring }: Signers,
  confirmations: readonly Confirmation[],
  now: number,
): Signable => {
  if (input.startsWith("[")) return isOwnProof(input, signer) ? yes : callSignable(input, signer, confirmations, now);
  // The core's parser takes a whole JWS; a signature of zeros stands in for the one that is asked for.
  const jws = `${input}.${"A".repeat(86)}`;
  const parsed = parseSigned(nodeCrypto, jws, present);
  if (parsed === undefined) return no("not-signable", "format");
  if (parsed.kid !== signer.device) return no("not-this-device");
  if (parsed.typ === AUTH_TYP || parsed.typ === AUTH2_TYP)
    return (parsed.typ === AUTH_TYP ? authPayload : auth2Payload)(parsed.payload) === undefined
      ? no("not-signable", "sign-in")
      : yes;
  if (parsed.typ === INVITE_TYP)
    return invitePayload(parsed.payload) === undefined ? no("not-signable", "invite") : yes;
  if (parsed.typ === COMMAND_TYP) return commandSignable(jws, ring, confirmations, now);
  return no("not-signable", "format");
};

const commandSignable = (
  jws: string,
  ring: readonly PublicKeys[],
  confirmations: readonly Confirmation[],
  now: number,
): Signable => {
  const payload = parseCommand(nodeCrypto, jws)?.payload;
  if (payload === undefined || !Object.hasOwn(bodies, payload.k)) return no("not-signable", "kind");
  const kind = payload.k as Kind;
  if (bodies[kind](payload.b) === undefined) return no("not-signable", "shape");
  if (payload.x !== isCritical(kind)) return no("not-signable", "shape");
  if (asksInWindow(kind, payload.b)) return actSignable(payload, kind, confirmations, now);
  if (kind === "device.add") return deviceSignable(payload, confirmations, now);
  if (kind === "device.rotate") return rotates(payload.b, ring) ? yes : no("not-our-key");
  if (kind !== "approval.vote") return yes;
  const body = bodies["approval.vote"](payload.b);
  const confirmed = confirmations.find(
    (one) =>
      "request" in one &&
      one.wid === payload.w &&
      one.request === body?.request &&
      one.vote === body.v &&
      one.expires > now,
  );
  return confirmed === undefined ? no("not-confirmed", "vote") : { ok: true, uses: confirmed };
};

/** The click was on an act of this kind, in this workspace, that says the same. */
const actSignable = (
  { w, b }: CommandPayload,
  kind: ActKind,
  confirmations: readonly Confirmation[],
  now: number,
): Signable => {
  const says = actSays(kind, b);
  const confirmed = confirmations.find(
    (one) => "says" in one && one.wid === w && one.kind === kind && one.says === says && one.expires > now,
  );
  return confirmed === undefined ? no("not-confirmed", "act") : { ok: true, uses: confirmed };
};

/** The text must be byte for byte the yes of this device to the call that was clicked. */
const callSignable = (
  input: string,
  { device }: PublicKeys,
  confirmations: readonly Confirmation[],
  now: number,
): Signable => {
  const value = json(input);
  const [, w, , hash] = Array.isArray(value) ? (value as unknown[]) : [];
  if (typeof w !== "string" || typeof hash !== "string" || input !== confirmText(w, device, hash))
    return no("not-signable", "proof");
  const confirmed = confirmations.find(
    (one) => "request" in one && one.wid === w && one.request === hash && one.vote === "approve" && one.expires > now,
  );
  return confirmed === undefined ? no("not-confirmed", "call") : { ok: true, uses: confirmed };
};

const rotates = (body: unknown, ring: readonly PublicKeys[]): boolean => {
  const next = bodies["device.rotate"](body);
  return ring.some(({ x, enc }) => x === next?.x && enc === next.enc);
};

const deviceSignable = ({ w, b }: CommandPayload, confirmations: readonly Confirmation[], now: number): Signable => {
  const body = bodies["device.add"](b);
  const confirmed = confirmations.find(
    (one) => "x" in one && one.wid === w && one.x === body?.x && one.enc === body.enc && one.expires > now,
  );
  return confirmed === undefined ? no("not-confirmed", "device") : { ok: true, uses: confirmed };
};

/** The text must be byte for byte what the core would write for our own keys. */
const isOwnProof = (input: string, signer: PublicKeys): boolean => {
  const value = json(input);
  const [, w, member] = Array.isArray(value) ? (value as unknown[]) : [];
  const [wid, mid] = [asWorkspaceId(w), asMemberId(member)];
  return wid !== undefined && mid !== undefined && input === deviceProofText(wid, mid, signer.x, signer.enc);
};

const present: Parser<object> = (value) => (typeof value === "object" && value !== null ? value : undefined);
const yes: Signable = { ok: true, uses: null };
const no = <C extends ToldCode>(code: C, ...args: ToldArgs[C]): Signable => ({ ok: false, why: told(code, ...args) });

export interface Confirmations {
  record(of: Pick<VoteConfirmation, "wid" | "request" | "vote">): void;
  recordDevice(of: NewDevice): void;
  recordAct(of: ClickedAct): void;
  /** Whether that act was confirmed, and is not signed yet. */
  confirmed(of: ClickedAct): boolean;
  /** How many clicks there were. */
  heard(): number;
  /** Judges `input` and uses up the confirmation that it needs. */
  judge(input: string, signer: PublicKeys, ring: readonly PublicKeys[]): Signable;
}

/** Confirmations that were given and not yet used. `now` is a clock that does not go back, ms. */
export const createConfirmations = (now: () => number): Confirmations => {
  let open: Confirmation[] = [];
  let heard = 0;
  return {
    heard: () => heard,
    record: (of) => {
      heard += 1;
      const later = now() + CONFIRMATION_LIFE_MS;
      open = [
        ...open.filter((one) => one.expires > now() && !("request" in one && one.request === of.request)),
        { wid: of.wid, request: of.request, vote: of.vote, expires: later },
      ];
    },
    recordDevice: ({ wid, x, enc }) => {
      heard += 1;
      open = [
        ...open.filter((one) => one.expires > now() && !("x" in one)),
        { wid, x, enc, expires: now() + CONFIRMATION_LIFE_MS },
      ];
    },
    recordAct: (of) => {
      heard += 1;
      open = [
        ...open.filter((one) => one.expires > now() && !("says" in one)),
        { ...of, expires: now() + CONFIRMATION_LIFE_MS },
      ];
    },
    confirmed: (of) =>
      open.some(
        (one) =>
          "says" in one && one.expires > now() && one.wid === of.wid && one.kind === of.kind && one.says === of.says,
      ),
    judge: (input, signer, ring) => {
      const verdict = signable(input, { signer, ring }, open, now());
      if (verdict.ok && verdict.uses !== null) open = open.filter((one) => one !== verdict.uses);
      return verdict;
    },
  };
};
