/** A shell without windows: real keys, real confirmations, and a record of what it was asked to draw. */
import { join } from "node:path";
import { createActs } from "../../electron/shell/acts.ts";
import type { ActName } from "../../electron/shell/acts.ts";
import type { ShownAct } from "#bridge/act.ts";
import { createConfirmations } from "../../electron/shell/confirm.ts";
import { noKeychain } from "../../electron/shell/key-file.ts";
import { createKeys } from "../../electron/shell/keys.ts";
import { createPairings } from "../../electron/shell/pairing.ts";
import { createRelay } from "../../electron/shell/relay.ts";
import { createRequests } from "../../electron/shell/requests.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { Shell } from "../../electron/host/seams.ts";

export interface Drawn {
  readonly title: string;
  readonly body: string;
  readonly card: { readonly wid: string; readonly request: string } | null;
}
export interface TestShell extends Shell {
  readonly notified: Drawn[];
  readonly badges: number[];
  readonly popups: { readonly wid: string; readonly request: string }[];
  /** The click in the popup window. */
  confirm(wid: string, request: string, vote: "approve" | "reject"): void;
  /** Pairings whose number was drawn in the popup window. */
  /** Acts that were drawn to be confirmed, and what their person clicks: yes, unless the test says otherwise. */
  readonly acts: ShownAct[];
  clicks: "yes" | "no" | "nothing";
  /** Closes the window in which an act waits. */
  leave(): void;
  readonly compared: { readonly wid: string; readonly pairing: string }[];
  /** The number that the popup window shows, and the click in it. */
  number(wid: string, pairing: string): string | undefined;
  answer(wid: string, pairing: string, same: boolean): void;
  /** What each signature was for, by the type that stands before what was signed. Connections sign too, whenever they are made. */
  readonly signed: string[];
}

const purposeOf = (input: string): string =>
  input.startsWith("[")
    ? "proof"
    : (JSON.parse(Buffer.from(input.split(".")[0] ?? "", "base64url").toString()) as { typ: string }).typ;

export const testShell = (
  dir: string,
  server: (wanted: { readonly reach: string; readonly address?: string | undefined }) => string = () =>
    "http://127.0.0.1:1",
): TestShell => {
  const keys = createKeys(join(dir, "device-keys.json"), noKeychain);
  const confirmations = createConfirmations(() => performance.now());
  const pairings = createPairings(() => performance.now());
  const notified: Drawn[] = [];
  const badges: number[] = [];
  const popups: { wid: string; request: string }[] = [];
  const compared: { wid: string; pairing: string }[] = [];
  const signed: string[] = [];
  // Nobody waits for a click here for longer than the test.
  const openActs = createActs(() => () => undefined);
  const acts: ShownAct[] = [];
  const relay = createRelay(
    () => undefined,
    { confirmations, pairings, acts: openActs },
    { state: "ready", error: null },
  );
  let close = (): void => undefined;
  const click = (name: ActName): void => {
    const window = relay.open({ kind: "popup", card: name }, (frame) => {
      if (frame.f === "act" && frame.act !== null) acts.push(frame.act);
    });
    close = window.close;
    if (made.clicks === "nothing") return;
    window.frame({ f: "call", id: 1, method: "act.answer", params: { ...name, yes: made.clicks === "yes" } });
  };
  const requests = createRequests({
    keys: () => keys,
    confirmations,
    pairings,
    acts: openActs,
    startServer: async (wanted) => server(wanted),
    addresses: () => [{ host: "192.0.2.7", name: "eth0", kind: "local" }],
    notify: (what) => void notified.push(what),
    badge: (waiting) => void badges.push(waiting),
    showPopup: (of) => ("act" in of ? click(of) : void ("request" in of ? popups : compared).push(of as never)),
    log: { fault: () => undefined },
    now: () => performance.now(),
  });
  let last = 0;
  const made: TestShell = {
    acts,
    clicks: "yes",
    leave: () => close(),
    notified,
    badges,
    popups,
    signed,
    compared,
    number: (wid, pairing) => pairings.shown(wid, pairing)?.number,
    answer: (wid, pairing, same) => {
      const device = pairings.answer(wid, pairing, same);
      if (device !== undefined) confirmations.recordDevice(device);
    },
    confirm: (wid, request, vote) => confirmations.record({ wid, request, vote }),
    request: async (method, params) => {
      if (method === "keys.sign") signed.push(purposeOf((params as { input: string }).input));
      last += 1;
      const answer = await requests(last, method, params);
      if (answer.ok) return answer.value;
      throw new Refusal(answer.error);
    },
  };
  return made;
};
