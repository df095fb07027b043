/** The rooms of a workspace put together: the half of `host.ts` that follows what the team does. */
import { drop } from "#core/facts/drop.ts";
import { told } from "#bridge/told.ts";
import { refused } from "#bridge/refused.ts";
import { why } from "#core/facts/why.ts";
import { VERSION } from "#bridge/version.ts";
import { KNOWS } from "#core/protocol/levels.ts";
import type { Knows } from "#core/rules/state.ts";
import { may, policyAt } from "#core/rules/may.ts";
import { createGate } from "./gate/gate.ts";
import type { Gate } from "./gate/gate.ts";
import { unnamedEffect } from "./gate/match.ts";
import { createRewraps } from "./gate/rewrap.ts";
import { clientCrypto } from "#node/client-crypto.ts";
import { createSteadyClock } from "#client/keys/steady-clock.ts";
import { allFilled, late } from "./late.ts";
import { tellDropped } from "./log.ts";
import type { SyncRoom, SyncRoomDeps } from "./rooms.ts";
import { createAuditHandlers } from "./audit/audit-handlers.ts";
import { createCardHandlers } from "./cards/card-handlers.ts";
import { clickHandlers } from "./team/clicks.ts";
import { createDeviceHandlers } from "./team/device-handlers.ts";
import { createHonestyHandlers } from "./audit/honesty-handlers.ts";
import { createInviteHandlers } from "./workspaces/invite-handlers.ts";
import { createMemberHandlers } from "./team/member-handlers.ts";
import { createPairing } from "./pairing/pairing.ts";
import { createPolicyHandlers } from "./policy/policy-handlers.ts";
import { createRoleHandlers } from "./team/role-handlers.ts";
import { createWorkspaceHandlers } from "./workspaces/workspace-handlers.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { Workspaces } from "./seams.ts";
import type { Store } from "./store/open.ts";
import { createAnnouncedStore } from "./store/announced.ts";
import { createConfirmStore } from "./store/confirms.ts";
import { createHoldStore } from "./store/holds.ts";
import { createWorkspaceStore } from "./store/workspaces.ts";
import type { WorkspaceRow } from "#client/ports/store.ts";
import { createAuditChecks } from "./audit/checks.ts";
import { createAudits } from "./audit/audits.ts";
import type { Audits } from "./audit/audits.ts";
import { createCards } from "./cards/cards.ts";
import type { Cards } from "./cards/cards.ts";
import { acceptTools, defineServer, effectOf, mayEdit, removeServer, withdrawTool } from "./policy/catalogue.ts";
import { createConfirmCards } from "./cards/confirm-cards.ts";
import { deviceOf } from "./workspaces/founding.ts";
import { createInvites } from "./team/invites.ts";
import { createNotices } from "./cards/notices.ts";
import { createRenames } from "./team/rename.ts";
import { KEY_REPLACED } from "#client/link/outbox.ts";
import { createLives } from "./workspaces/lives.ts";
import type { Lives } from "./workspaces/lives.ts";
import { createMoments } from "./cards/moments.ts";
import { createNetworkWatch, networkNow } from "./workspaces/network-watch.ts";
import { spentKeys } from "./team/rotation.ts";
import { openKeyring } from "#client/keys/signer.ts";
import type { Keyring } from "#client/keys/signer.ts";
import { createWorkspaceViews, nameOrWaiting } from "./workspaces/views.ts";

const BUILD: Knows = { version: VERSION, knows: KNOWS };

const soon = (work: () => void): void => void setImmediate(work);

/** A call that was just decided is about to be made, and whoever looks at cards meanwhile would hold it up. */
const followSoon = (gate: Pick<Gate, "onStanding">, { db }: Pick<Store, "db">, tell: (call: string) => void): void =>
  void gate.onStanding((call) =>
    soon(() => {
      // What was under way while the host closed has nobody left to tell.
      if (db.open) tell(call);
    }),
  );

export const createSyncRoom = (deps: SyncRoomDeps): SyncRoom => {
  const { store, shell, clock, publisher, build = BUILD } = deps;
  const rows = createWorkspaceStore(store);
  const steady = createSteadyClock(clock, rows);
  let ring: Keyring | null = null;
  let stopTicking = (): void => undefined;
  // A workspace tells these of what it took, and they look at the workspace.
  const toGate = late<Gate>("the gate");
  const toCards = late<Cards>("the cards");
  const toAudits = late<Audits>("the audits");

  const opened = async (): Promise<Keyring> => (ring ??= await openKeyring(shell, clientCrypto));
  const keys = (): Keyring => {
    if (ring === null) throw new Refusal(why("keys-unreadable"));
    return ring;
  };
  const person = (): string => {
    const name = deps.settings.person()?.name;
    if (name === undefined) throw refused("no-name");
    return name;
  };

  /** All or nothing, and before anything is closed: where the disk refuses, the workspace is as it was. */
  const forget = (wid: string): void => {
    lives.get(wid);
    store.erase("words", () => {
      deps.forgetThreads(wid);
      deps.forgetTools(wid);
      rows.remove(wid);
      deps.settings.setUntold(deps.settings.untold().filter((each) => each !== wid));
    });
    lives.forget(wid);
    invites.forget(wid);
  };

  /**
   * Threads stay: memory belongs to the person, whoever they are in the team now. The verified log stays too, because
   * its head shows a server that offers another history. What the old membership asked for ends, since no key of the
   * new one may use it.
   */
  const keep = (row: WorkspaceRow): void => {
    store.write(() => {
      lives.find(row.wid)?.outbox.giveUp(KEY_REPLACED);
      toGate().end(row.wid, told("joined-again"));
      rows.add(row, clock.now());
    });
  };

  const invites = createInvites({ shell, rows });
  const lives: Lives = createLives({
    store,
    rows,
    shell,
    clock,
    steady,
    publisher,
    build,
    log: deps.log,
    tools: deps.tools,
    keys,
    notices: createNotices(shell, () => deps.settings.get().notifications),
    gate: toGate,
    cards: toCards,
    audits: toAudits,
  });
  const workspaces = workspacesOf(lives);
  /** An audit with rows missing would be read as one in which nothing happened. */
  const mayAudit: Workspaces["may"] = (wid, capability) => {
    const behind = lives.find(wid)?.history() ?? null;
    return behind === null
      ? workspaces.may(wid, capability)
      : {
          allowed: false,
          why: told("audit.behind", behind.have, behind.of),
        };
  };
  const audits = createAudits({
    rows,
    may: mayAudit,
    name: workspaces.name,
    publish: (wid) => publisher.publish("audit", wid),
  });
  toAudits.leadTo(audits);
  const checks = createAuditChecks({ find: lives.find, may: mayAudit, rows });
  const renames = createRenames(deps.settings);
  const rewraps = createRewraps({ shell, rows, live: lives.find });
  const confirms = createConfirmStore(store);
  const gate = createGate({
    live: lives.find,
    rows,
    holds: createHoldStore(store),
    confirms,
    proposed: deps.proposed,
    ledger: deps.ledger,
    tools: deps.tools,
    enclose: deps.enclose,
    shell,
    steady,
    rewraps,
  });
  toGate.leadTo(gate);
  const cards = createCards({
    soon,
    shell,
    rows,
    announced: createAnnouncedStore(store),
    publisher,
    clock,
    popupOpen: deps.popupOpen,
    lives: lives.all,
    notifications: () => deps.settings.get().notifications,
    own: createConfirmCards({ ...deps, confirms, answer: gate.answer }),
  });
  toCards.leadTo(cards);
  allFilled(toGate, toCards, toAudits);
  followSoon(gate, store, (call) => {
    const live = lives.find(deps.proposed(call)?.wid ?? "");
    if (live !== null) cards.ownMoved(live);
  });
  const views = createWorkspaceViews({
    live: lives.get,
    lives: lives.all,
    cards,
    invites,
    modelName: deps.modelName,
    build,
    tools: deps.tools,
  });

  const pairing = createPairing({
    lives,
    shell,
    clock,
    publisher,
    settings: deps.settings,
    keys: opened,
    keep,
    forget,
  });

  const keepTime = (keep: () => void): void => {
    try {
      keep();
    } catch (error) {
      // A full disk passes; until then nothing runs that this time is for.
      if (!(error instanceof Refusal)) throw error;
      deps.log.note("time.unkept", { code: error.code });
    }
  };
  /** Where the shell cannot, it is asked again with the next look. */
  const forgetKeys = (): void => {
    if (keys().list().length === 1) return;
    // A workspace whose row cannot be read may come back, and needs its key then.
    if (rows.unread() > 0) return;
    const named = new Set([
      ...rows.list().flatMap(({ device, nextDevice }) => [device, nextDevice ?? device]),
      ...rows.joins().flatMap((jws) => deviceOf(jws) ?? []),
    ]);
    for (const key of spentKeys({ keys: keys(), lives: lives.all(), named }))
      drop(keys().drop(key), "key.kept", tellDropped(deps.log));
  };
  const moved = createMoments(publisher);
  const hasMoved = createNetworkWatch(networkNow, clock.now);
  const tick = (): void => {
    const hurries = hasMoved();
    for (const live of lives.all()) {
      if (hurries) live.hurry();
      live.tick();
      lives.keeper(live).look();
      moved(live);
      gate.look(live.wid);
      cards.look(live);
      renames.look(live);
    }
    cards.recount();
    forgetKeys();
    audits.tick();
    checks.tick();
    keepTime(steady.hold);
  };

  return {
    authority: gate,
    workspaces,
    handlers: {
      ...createWorkspaceHandlers({ lives, rows, shell, clock, publisher, keys: opened, person, forget, build }),
      ...createHonestyHandlers({ workspace: lives.get, rows, clock }),
      ...createInviteHandlers({ lives, invites, rows, clock, keys: opened, person, keep }),
      ...createMemberHandlers({ workspace: lives.get, invites }),
      ...createDeviceHandlers({ workspace: lives.get }),
      ...createCardHandlers({ workspace: lives.get, cards }),
      ...createPolicyHandlers({ workspace: lives.get, rows, tools: deps.tools }),
      ...createRoleHandlers({ workspace: lives.get }),
      ...createAuditHandlers({ audits, checks }),
      ...pairing.handlers,
      ...clickHandlers,
    },
    rename: (name) => renames.rename(lives.all(), name),
    summaries: views.summaries,
    queues: views.queues,
    policy: views.policy,
    status: views.status,
    team: views.team,
    arrivals: views.arrivals,
    invites: views.invites,
    cards: views.cards,
    card: views.card,
    audit: audits.view,
    pairing: pairing.view,
    unread: rows.unread,
    open: async () => {
      keepTime(steady.hold);
      await opened();
      for (const row of rows.list()) {
        const live = lives.open(row);
        await invites.load(row.wid);
        gate.look(row.wid);
        gate.catchUp(row.wid);
        void lives.connect(live, row.embedded);
      }
      cards.recount();
      stopTicking = deps.beat.each(tick);
    },
    close: async () => {
      stopTicking();
      pairing.close();
      rewraps.close();
      audits.close();
      lives.close();
      keepTime(steady.save);
    },
  };
};

const workspacesOf = (lives: Lives): Workspaces => ({
  name: (wid) => nameOrWaiting(lives.get(wid)),
  list: () => lives.all().map((live) => live.wid),
  effectOf: (wid, server, tool, unsteady) => effectOf(lives.get(wid), server, tool, unsteady),
  unnamedEffect: (wid) => unnamedEffect(policyAt(lives.get(wid).log)),
  mayAcceptTools: (wid) => may(lives.get(wid).log, lives.get(wid).me, "tools.configure"),
  mayEditTools: (wid) => mayEdit(lives.get(wid)),
  may: (wid, capability) => {
    const { log, me, link } = lives.get(wid);
    const { link: state, reason } = link();
    return state === "out"
      ? { allowed: false, why: reason === null ? told("you-not-active") : reason }
      : may(log, me, capability);
  },
  defineServer: (wid, entry, tools, effects, shares) => defineServer(lives.get(wid), entry, tools, effects, shares),
  removeServer: (wid, server) => removeServer(lives.get(wid), server),
  acceptTools: (wid, server, tools) => acceptTools(lives.get(wid), server, tools),
  withdrawTool: (wid, server, tool, schema) => withdrawTool(lives.get(wid), server, tool, schema),
});
