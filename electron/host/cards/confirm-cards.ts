/** Own calls that their person confirms, as cards: the same card as of a request, for one computer and one person. */
import type { CardSummary, CardView } from "#bridge/card.ts";
import type { Verdict } from "#bridge/answer.ts";
import { told } from "#bridge/told.ts";
import type { Told } from "#bridge/told.ts";
import { refused } from "#bridge/refused.ts";
import type { PresentText, ProposedCall } from "../seams.ts";
import type { Confirm, ConfirmStore } from "../store/confirms.ts";
import type { Live } from "#client/live.ts";
import { markOf, nameOf, serversAlike } from "../people/names.ts";

const RECENT = 20;

export interface ConfirmCardsDeps {
  readonly confirms: Pick<ConfirmStore, "open" | "over" | "byHash" | "get">;
  readonly proposed: (call: string) => ProposedCall | null;
  readonly presentText: PresentText;
  readonly answer: (confirm: Confirm, vote: "approve" | "reject", note: string) => Promise<void>;
}
export interface ConfirmCards {
  has(wid: string, id: string): boolean;
  /** Those that wait for this person now. */
  waiting(wid: string): Confirm[];
  /** The state of each that has a card, by the card's id. */
  states(wid: string): ReadonlyMap<string, string>;
  /** What waits, and the newest of what is over. */
  summaries(live: Live): CardSummary[];
  /** Throws `Refusal("no-such-request")` where the call is gone. */
  get(live: Live, id: string): Promise<CardView>;
  decide(live: Live, id: string, vote: "approve" | "reject", note: string): Promise<void>;
  /** Server and tool in words, for a notification. Never arguments. */
  title(live: Live, confirm: Confirm): { readonly title: Told; readonly body: Told };
}

const STATES: Record<Confirm["state"], CardSummary["state"]> = {
  confirming: "pending",
  approved: "approved",
  rejected: "rejected",
  canceled: "canceled",
  expired: "expired",
  refused: "lapsed",
};
const OWN: Verdict = {
  allowed: true,
  why: told("confirm.own"),
};

export const createConfirmCards = ({ confirms, proposed, presentText, answer }: ConfirmCardsDeps): ConfirmCards => {
  const waiting = (wid: string): Confirm[] => confirms.open(wid).filter(({ state }) => state === "confirming");

  const shown = (wid: string): Confirm[] => [...waiting(wid), ...confirms.over(wid, RECENT)];

  const summary = (live: Live, confirm: Confirm): CardSummary[] => {
    const call = proposed(confirm.call);
    if (call === null) return [];
    return [
      {
        kind: "confirm",
        wid: live.wid,
        workspace: live.log.name,
        request: confirm.hash,
        requester: nameOf(live.log, live.me),
        // Nobody takes themselves for another.
        who: { ...markOf(live.log, live.me), formerly: [], alike: [] },
        mine: true,
        server: serverName(live, call),
        serversAlike: serversAlike(live.log, serverName(live, call)),
        tool: call.tool,
        queue: "",
        queueGone: false,
        oneForTwo: false,
        independent: false,
        state: STATES[confirm.state],
        // This computer counted them, and windows tell times of cards by the server's clock.
        requestedAt: confirm.askedAt + live.serverAhead(),
        expiresAt: confirm.until + live.serverAhead(),
        sealed: 1,
        replacedBy: null,
        canVote: confirm.state === "confirming" ? OWN : { allowed: false, why: confirm.reason ?? told("answered") },
        standsFor: [],
        practice: false,
        rung: { now: 0, of: 0, next: null },
        votes: [],
        thresholds: [],
      },
    ];
  };

  const named = (live: Live, id: string): Confirm => {
    const found = confirms.byHash(live.wid, id);
    if (found === null) throw refused("own-call-gone");
    return found;
  };

  return {
    has: (wid, id) => confirms.byHash(wid, id) !== null,
    waiting,
    states: (wid) =>
      new Map(
        shown(wid)
          .filter(({ call }) => proposed(call) !== null)
          .map(({ hash, state }) => [hash, state]),
      ),
    summaries: (live) => shown(live.wid).flatMap((confirm) => summary(live, confirm)),
    get: async (live, id) => {
      const confirm = named(live, id);
      const call = proposed(confirm.call);
      const [card] = summary(live, confirm);
      if (call === null || card === undefined) throw refused("own-call-thread-gone");
      const present = await presentText(call);
      return {
        ...card,
        rule: confirm.rule,
        args: call.args,
        argsProblem: null,
        replaces: null,
        why: null,
        before: present?.before ?? null,
        enclosureProblem: null,
      };
    },
    decide: (live, id, vote, note) => answer(named(live, id), vote, note),
    title: (live, { call: id }) => {
      const call = proposed(id);
      return {
        title: told("notice.own", call?.tool ?? null),
        body: told("notice.own-where", call === null ? null : serverName(live, call)),
      };
    },
  };
};

const serverName = ({ log }: Live, { server }: ProposedCall): string =>
  [...log.servers.values()].find(({ id }) => id === server)?.name ?? "";
