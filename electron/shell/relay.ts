/**
 * Windows whose frames pass through the shell: every window of the browser shell, and Electron's approval popup. This
 * is where a confirmation is seen: a `card.decide` counts only when it comes from a popup window, for the card that
 * this popup was opened for, a `pair.answer` only from the popup of that pairing, an `act.answer` only from that of the
 * act. The host is then told, and its vote, its new device or its act will be signed once (confirm.ts).
 */
import { isMethod, methods, opens, type Method } from "#bridge/contract.ts";
import { FromHost, ToHost } from "#bridge/frames.ts";
import type { ToWindow } from "#bridge/frames.ts";
import { told, type Told } from "#bridge/told.ts";
import type { FromShell, WindowKind } from "#bridge/shell-port.ts";
import type { Acts } from "./acts.ts";
import { roleSays } from "./acts.ts";
import type { Confirmations } from "./confirm.ts";
import type { HostState } from "./host-process.ts";
import type { Pairings } from "./pairing.ts";
import { sameSubject, subjectProblem } from "./subjects.ts";
import type { Subject } from "./subjects.ts";

/** A main window, or a popup with the one thing that may be decided in it. */
export type RelayedKind = { readonly kind: "main" } | { readonly kind: "popup"; readonly card: Subject };

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

/** What the shell shows in its windows, and what the clicks there allow. */
export interface Clicks {
  readonly confirmations: Omit<Confirmations, "judge" | "heard">;
  readonly pairings: Pick<Pairings, "shown" | "answer">;
  readonly acts: Pick<Acts, "shown" | "answer" | "closed" | "onOver">;
}

/** Counts its windows from RELAYED_FROM. */
export const createRelay = (
  post: (message: FromShell) => void,
  { confirmations, pairings, acts }: Clicks,
  initial: HostState,
): Relay => {
  const windows = new Map<number, Open>();
  let host = initial;
  let next = RELAYED_FROM;
  let lastUsed = 0;

  const mainWindows = () => [...windows.values()].filter((window) => window.of.kind === "main");

  const showIn = (window: Open, subject: Subject): void => {
    const pairing = "pairing" in subject ? pairings.shown(subject.wid, subject.pairing) : undefined;
    if (pairing !== undefined) window.send({ f: "pairing", ...pairing });
    const act = "act" in subject ? acts.shown(subject) : undefined;
    if (act !== undefined) window.send({ f: "act", act });
  };
  const announce = (window: Open) => {
    if (host.state === "ready") post({ s: "window.open", window: window.number, kind: kindOf(window.of) });
    // Before the page is told that it may ask: what it shows comes from the shell and from nobody else.
    if (window.of.kind === "popup") showIn(window, window.of.card);
    window.send({ f: "host", state: host.state, error: host.error });
  };

  // Its buttons would be dead, in front of whatever is asked next.
  acts.onOver((name) => {
    for (const window of windows.values())
      if (window.of.kind === "popup" && sameSubject(window.of.card, name)) window.send({ f: "act", act: null });
  });

  /** What a click in a popup allows to be signed. */
  const confirm = (of: RelayedKind, method: string, params: unknown): void => {
    if (method === "card.decide") confirmations.record(methods["card.decide"].params.parse(params));
    if (method === "pair.answer") {
      const { wid, pairing, same } = methods["pair.answer"].params.parse(params);
      const device = pairings.answer(wid, pairing, same);
      if (device !== undefined) confirmations.recordDevice(device);
    }
    if (method === "act.answer") {
      const { yes, ...name } = methods["act.answer"].params.parse(params);
      const act = acts.answer(name, yes);
      if (act !== undefined) confirmations.recordAct(act);
    }
    // The window of somebody who waits for a role shows that role, so its yes is one to this.
    if (method === "member.givePromised" && of.kind === "popup") {
      const { wid, member, role } = methods["member.givePromised"].params.parse(params);
      confirmations.recordAct({ wid, kind: "member.role", says: roleSays(member, role) });
    }
  };

  /** A click that nothing waits for any more must not look like one that was heard. */
  const actProblem = ({ of }: Open, { method }: { readonly method: string }): Told | null =>
    method === "act.answer" && of.kind === "popup" && "act" in of.card && acts.shown(of.card) === undefined
      ? told("act-over")
      : null;

  const onFrame = (window: Open, raw: unknown): boolean => {
    const parsed = ToHost.safeParse(raw);
    if (!parsed.success) return false;
    const frame = parsed.data;
    // Acknowledgements come by themselves; a call is mostly somebody's doing.
    if (frame.f === "call") lastUsed = window.number;
    const refusal =
      frame.f === "call"
        ? (callProblem(window.of, frame.method, frame.params, host) ?? actProblem(window, frame))
        : null;
    if (refusal !== null && frame.f === "call") window.send({ f: "error", id: frame.id, error: refusal });
    else {
      if (frame.f === "call") confirm(window.of, frame.method, frame.params);
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
          if (!windows.delete(window.number)) return;
          post({ s: "window.close", window: window.number });
          if (of.kind === "popup" && "act" in of.card) acts.closed(of.card);
        },
      };
    },
    hostState: (state) => {
      host = state;
      for (const window of windows.values()) announce(window);
    },
    // A popup believes what the shell shows it. A host that was taken over must not speak in its place.
    deliver: (number, frame) => {
      const said = FromHost.safeParse(frame);
      if (said.success) windows.get(number)?.send(said.data as ToWindow);
    },
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

const callProblem = (of: RelayedKind, method: string, params: unknown, host: HostState): Told | null => {
  if (!isMethod(method)) return told("bad-request", "method", "");
  if (!opens(methods[method], of.kind)) return wrongWindow(of.kind, method);
  if (host.state !== "ready") return host.error ?? told("host-starting");
  return of.kind === "popup" ? subjectProblem(of.card, method, params) : null;
};

const wrongWindow = (kind: WindowKind, method: Method): Told => {
  if (kind === "popup") return told("not-in-popup");
  return told("popup-only", method === "act.answer" ? "act" : method === "pair.answer" ? "number" : "card");
};
