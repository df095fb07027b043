/**
 * Windows whose frames pass through the shell: every window of the browser shell, and Electron's approval popup. This
 * is where a confirmation is seen: a `card.decide` counts only when it comes from a popup window, for the card that
 * this popup was opened for, and a `pair.answer` only from the popup of that pairing. The host is then told, and its
 * vote or its new device will be signed once (confirm.ts).
 */
import { isMethod, methods, opens, type Method } from "#bridge/contract.ts";
import type { Code } from "#bridge/answer.ts";
import { ToHost } from "#bridge/frames.ts";
import type { ToWindow } from "#bridge/frames.ts";
import type { FromShell, WindowKind } from "#bridge/shell-port.ts";
import type { Confirmations } from "./confirm.ts";
import type { HostState } from "./host-process.ts";
import type { Pairings } from "./pairing.ts";

export interface Card {
  readonly wid: string;
  readonly request: string;
}
/** A pairing whose number is compared. */
export interface PairingName {
  readonly wid: string;
  readonly pairing: string;
}
/** A main window, or a popup with the one card or pairing that may be decided in it. */
export type RelayedKind = { readonly kind: "main" } | { readonly kind: "popup"; readonly card: Card | PairingName };

export interface RelayedWindow {
  /** A frame from the window, untrusted. False when it is not of a known shape: the window is then closed. */
  frame(raw: unknown): boolean;
  close(): void;
}

export interface Relay {
  open(of: RelayedKind, send: (frame: ToWindow) => void): RelayedWindow;
  /** Tells every window and, when the host is ready (again), opens them all there. */
  hostState(state: HostState): void;
  deliver(window: number, frame: unknown): void;
  /** To every main window. */
  tellMain(frame: ToWindow): void;
  /** To the main window that was used last; false when there is none. */
  tellLastUsed(frame: ToWindow): boolean;
}

interface Open {
  readonly number: number;
  readonly of: RelayedKind;
  readonly send: (frame: ToWindow) => void;
}

/** Counts its windows from RELAYED_FROM. */
export const createRelay = (
  post: (message: FromShell) => void,
  confirmations: Confirmations,
  pairings: Pairings,
  initial: HostState,
): Relay => {
  const windows = new Map<number, Open>();
  let host = initial;
  let next = RELAYED_FROM;
  let lastUsed = 0;

  const mainWindows = () => [...windows.values()].filter((window) => window.of.kind === "main");

  const announce = (window: Open) => {
    if (host.state === "ready") post({ s: "window.open", window: window.number, kind: kindOf(window.of) });
    // Before the page is told that it may ask: the number comes from the shell and from nobody else.
    const shown =
      window.of.kind === "popup" && "pairing" in window.of.card
        ? pairings.shown(window.of.card.wid, window.of.card.pairing)
        : undefined;
    if (shown !== undefined) window.send({ f: "pairing", ...shown });
    window.send({ f: "host", state: host.state, error: host.error });
  };

  /** What a click in a popup allows to be signed. */
  const confirm = (method: string, params: unknown): void => {
    if (method === "card.decide") confirmations.record(methods["card.decide"].params.parse(params));
    if (method !== "pair.answer") return;
    const { wid, pairing, same } = methods["pair.answer"].params.parse(params);
    const device = pairings.answer(wid, pairing, same);
    if (device !== undefined) confirmations.recordDevice(device);
  };

  const onFrame = (window: Open, raw: unknown): boolean => {
    const parsed = ToHost.safeParse(raw);
    if (!parsed.success) return false;
    const frame = parsed.data;
    // Acknowledgements come by themselves; a call is mostly somebody's doing.
    if (frame.f === "call") lastUsed = window.number;
    const refusal = frame.f === "call" ? callProblem(window.of, frame.method, frame.params, host) : null;
    if (refusal !== null && frame.f === "call") window.send({ f: "error", id: frame.id, error: refusal });
    else {
      if (frame.f === "call") confirm(frame.method, frame.params);
      post({ s: "window.frame", window: window.number, frame });
    }
    return true;
  };

  return {
    open: (of, send) => {
      const window: Open = { number: next++, of, send };
      windows.set(window.number, window);
      announce(window);
      return {
        frame: (raw) => onFrame(window, raw),
        close: () => {
          if (windows.delete(window.number)) post({ s: "window.close", window: window.number });
        },
      };
    },
    hostState: (state) => {
      host = state;
      for (const window of windows.values()) announce(window);
    },
    // Frames of the host are made by our own code from parsed values; the window parses them again at its own door.
    deliver: (number, frame) => windows.get(number)?.send(frame as ToWindow),
    tellMain: (frame) => {
      for (const window of mainWindows()) window.send(frame);
    },
    tellLastUsed: (frame) => {
      const window = mainWindows().find((one) => one.number === lastUsed) ?? mainWindows().at(-1);
      window?.send(frame);
      return window !== undefined;
    },
  };
};

/** Numbers below belong to windows that have a port of their own to the host. */
export const RELAYED_FROM = 1_000;

const kindOf = (of: RelayedKind): WindowKind => of.kind;

const callProblem = (of: RelayedKind, method: string, params: unknown, host: HostState): Code | null => {
  if (!isMethod(method)) return { code: "bad-request", message: "There is no such request." };
  if (!opens(methods[method], of.kind)) return wrongWindow(of.kind, method);
  if (host.state !== "ready")
    return host.error ?? { code: "host-starting", message: "Bulkhead is still starting. Try again in a moment." };
  return of.kind === "popup" ? subjectProblem(of.card, method, params) : null;
};

const wrongWindow = (kind: WindowKind, method: Method): Code => {
  if (kind === "popup")
    return { code: "not-in-popup", message: "The approval window can only show and decide its card." };
  if (method === "pair.answer")
    return {
      code: "popup-only",
      message: "The number is compared in a window of its own, which this window cannot imitate. Open it there.",
    };
  return {
    code: "popup-only",
    message: "A decision is made in the approval window, which this window cannot imitate. Open the card there.",
  };
};

/** A popup decides what it was opened for, and nothing else. */
const subjectProblem = (subject: Card | PairingName, method: string, params: unknown): Code | null => {
  if (method === "member.givePromised" || method === "member.refusePromised")
    return arrivalProblem(subject, methods[method].params.safeParse(params).data);
  if (method === "card.decide")
    return "request" in subject
      ? decideProblem(subject, params)
      : {
          code: "other-card",
          message: "This window was opened for another computer of yours, so nothing was decided.",
        };
  if (method !== "pair.answer") return null;
  const parsed = methods["pair.answer"].params.safeParse(params);
  if (!parsed.success)
    return { code: "bad-params", message: "The answer is not of a known shape, so nothing was added." };
  return "pairing" in subject && parsed.data.wid === subject.wid && parsed.data.pairing === subject.pairing
    ? null
    : { code: "other-card", message: "This window was opened for something else, so nothing was added." };
};

const arrivalProblem = (
  subject: Card | PairingName,
  asked: { readonly wid: string; readonly member: string } | undefined,
): Code | null =>
  asked !== undefined && "request" in subject && asked.wid === subject.wid && asked.member === subject.request
    ? null
    : { code: "other-card", message: "This window was opened for somebody else, so nothing was changed." };

const decideProblem = (card: Card, params: unknown): Code | null => {
  const parsed = methods["card.decide"].params.safeParse(params);
  if (!parsed.success)
    return { code: "bad-params", message: "The decision is not of a known shape, so nothing was decided." };
  return parsed.data.wid === card.wid && parsed.data.request === card.request
    ? null
    : { code: "other-card", message: "This approval window was opened for another card, so nothing was decided." };
};
