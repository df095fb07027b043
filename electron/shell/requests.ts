/** What the host may ask of the shell: parsed, done, answered. An unknown method or key is refused. */
import type { z } from "zod";
import { shellRequests } from "#bridge/shell-port.ts";
import type { FromShell, ShellRequest } from "#bridge/shell-port.ts";
import { createPace } from "#bridge/pace.ts";
import { readAct } from "./acts.ts";
import type { Acts } from "./acts.ts";
import type { Confirmations } from "./confirm.ts";
import type { Keys } from "./keys.ts";
import type { Pairings } from "./pairing.ts";
import type { Subject } from "./subjects.ts";
import { causeOf } from "./cause.ts";
import { factWords } from "#text/facts.ts";
import { refusalOf, refused, toldOf } from "#bridge/refused.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { ShellLog } from "./shell-log.ts";

/** Characters that a notification has room for. */
const TITLE_MAX = 200;
const BODY_MAX = 500;

/**
 * What a host may put before its person without a click of theirs: acts, cards and numbers, notifications. A host that was
 * taken over would ask until somebody says yes to be left alone; any click in a window of the shell begins anew.
 */
const ACTS = { atOnce: 5, everyMs: 60_000 };
const WINDOWS = { atOnce: 20, everyMs: 5_000 };
const NOTICES = { atOnce: 20, everyMs: 5_000 };

type Given<M extends ShellRequest> = z.output<(typeof shellRequests)[M]>;

/** The parts of a shell that answer requests. */
export interface RequestParts {
  /** Opens the keys on first use. Throws `Refusal`. */
  readonly keys: () => Keys;
  readonly confirmations: Confirmations;
  readonly pairings: Pairings;
  readonly acts: Acts;
  /** Starts or finds the embedded sync server; its address as members reach it. */
  startServer(wanted: Given<"server.start">): Promise<string>;
  /** Addresses of this computer in networks. */
  addresses(): unknown[];
  /** What the system says; absent where there is nobody to ask. */
  proxyOf?(origin: string): Promise<string>;
  notify(what: { readonly title: string; readonly body: string; readonly card: Given<"notify">["card"] }): void;
  badge(waiting: number): void;
  showPopup(subject: Subject): void;
  readonly log: Pick<ShellLog, "fault">;
  /** A clock that does not go back, ms. */
  readonly now: () => number;
}

type Answers = { [M in ShellRequest]: (params: Given<M>) => unknown };

/** Throws where the host has put more before its person than they can look at. */
const createBounds = ({ confirmations, now }: RequestParts): ((of: "act" | "window" | "notice") => void) => {
  const clock = { monotonic: now };
  const paces = {
    act: createPace(clock, ACTS),
    window: createPace(clock, WINDOWS),
    notice: createPace(clock, NOTICES),
  };
  let heard = 0;
  return (of) => {
    if (confirmations.heard() !== heard) for (const [name, pace] of Object.entries(paces)) pace.forget(name);
    heard = confirmations.heard();
    if (!paces[of].take(of)) throw refused("too-many-windows");
  };
};

const answersOf = (parts: RequestParts, bound = createBounds(parts)): Answers => ({
  "keys.get": () => parts.keys().view(),
  "keys.list": () => parts.keys().list(),
  "keys.make": () => parts.keys().make(),
  "keys.sign": ({ device, input }) => {
    const keys = parts.keys();
    const verdict = parts.confirmations.judge(input, keys.named(device), keys.list());
    if (!verdict.ok) throw refusalOf(verdict.why);
    return keys.sign(device, input);
  },
  "keys.open": ({ jwe }) => parts.keys().open(jwe),
  "keys.drop": ({ device }) => done(() => parts.keys().drop(device)),
  "secret.wrap": ({ text }) => parts.keys().wrap(text),
  "secret.unwrap": ({ sealed }) => parts.keys().unwrap(sealed),
  "server.start": async (wanted) => ({ url: await parts.startServer(wanted) }),
  "server.addresses": () => ({ addresses: parts.addresses() }),
  "proxy.of": ({ origin }) => parts.proxyOf?.(origin) ?? "DIRECT",
  notify: ({ title, body, card }) => {
    bound("notice");
    return done(() =>
      parts.notify({ title: factWords(title).slice(0, TITLE_MAX), body: factWords(body).slice(0, BODY_MAX), card }),
    );
  },
  badge: ({ waiting }) => done(() => parts.badge(waiting)),
  "popup.show": (card) => {
    bound("window");
    return done(() => parts.showPopup(card));
  },
  "act.confirm": async (asked) => {
    // A click that answered the same in another window of the shell counts; it is used up where it is signed.
    if (parts.confirmations.confirmed(readAct(asked).clicked)) return {};
    bound("act");
    const { name, said } = parts.acts.ask(asked);
    parts.showPopup(name);
    if (!(await said)) throw refused("not-confirmed", "closed");
    return {};
  },
  "pair.begin": (of) => parts.pairings.begin(of),
  "pair.reveal": ({ pairing, ...words }) => parts.pairings.reveal(pairing, words),
  "pair.show": (of) => {
    if (parts.pairings.shown(of.wid, of.pairing) === undefined) throw refused("no-pairing", "none");
    bound("window");
    return done(() => parts.showPopup(of));
  },
});

const done = (act: () => void): Record<string, never> => {
  act();
  return {};
};

export type Answer = Extract<FromShell, { s: "answer" | "refusal" }>;

/** Answers a request of the host. Never rejects. */
export const createRequests = (
  parts: RequestParts,
): ((id: number, method: string, params: unknown) => Promise<Answer>) => {
  const answers = answersOf(parts);
  const perform = async (method: string, params: unknown): Promise<unknown> => {
    if (!Object.hasOwn(shellRequests, method)) throw refused("unknown-request");
    const known = method as ShellRequest;
    const parsed = shellRequests[known].safeParse(params);
    if (!parsed.success) throw refused("bad-params", "request");
    // The table and the schemas share their keys, which the compiler cannot follow through a variable method.
    return await (answers[known] as (given: unknown) => unknown)(parsed.data);
  };
  return async (id, method, params) => {
    try {
      return { s: "answer", id, ok: true, value: await perform(method, params) };
    } catch (error) {
      if (!(error instanceof Refusal)) parts.log.fault("request.failed", error, method);
      const step = Object.hasOwn(shellRequests, method) ? method : "";
      return { s: "refusal", id, ok: false, error: error instanceof Refusal ? toldOf(error) : causeOf(error, step) };
    }
  };
};
