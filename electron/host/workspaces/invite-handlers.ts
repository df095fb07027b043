import { readCode, atTheDoor, checkDoor, join, previewOf } from "./founding.ts";
import type { Door, Joined } from "./founding.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { InviteCode } from "#core/protocol/link.ts";
import type { InvitePayload } from "#core/protocol/command.ts";
import type { ReadLog } from "#core/rules/read.ts";
import { roleOf } from "#core/rules/may.ts";
import { GUEST } from "#core/rules/roles.ts";
import type { InvitePreview, inviteMethods } from "#bridge/invite.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { why } from "#core/facts/why.ts";
import { refused } from "#bridge/refused.ts";
import type { Clock } from "#client/ports/clock.ts";
import type { HandlersOf } from "../seams.ts";
import type { WorkspaceRow, WorkspaceStore } from "#client/ports/store.ts";
import type { Invites } from "../team/invites.ts";
import type { Live } from "#client/live.ts";
import type { Lives } from "./lives.ts";
import type { Keyring } from "#client/keys/signer.ts";

export interface InviteHandlerDeps {
  readonly lives: Lives;
  readonly invites: Invites;
  readonly rows: WorkspaceStore;
  readonly clock: Clock;
  readonly keys: () => Promise<Keyring>;
  /** Keeps a membership; one of that workspace that was here before ends with it. */
  readonly keep: (row: WorkspaceRow) => void;
  readonly person: () => string;
}

const LOADED_WITHIN_MS = 15_000;
const PREVIEWS_KEPT = 50;
/** How a server refuses a key that was part of the workspace before: as a device, or by a counter that it used. */
const KEY_KNOWN: ReadonlySet<string> = new Set(["already-exists", "replay"]);

/** The methods `invite.*`. Nothing is joined by looking; joining twice is joining once. */
export const createInviteHandlers = (deps: InviteHandlerDeps): HandlersOf<typeof inviteMethods> => {
  const { lives, invites, clock } = deps;
  /** What the confirm screen showed, by seed. */
  const previews = new Map<string, InvitePreview>();
  const joining = new Map<string, Promise<{ wid: string }>>();

  const memberOf = (wid: string): boolean => lives.find(wid)?.active() === true;

  const inspect = async (link: string): Promise<InvitePreview> => {
    const code = readCode(link);
    const already = memberOf(code.wid);
    const door = await atTheDoor(code);
    try {
      if (!already && deps.rows.join(code.wid, door.key.id) === null) checkDoor(door, clock.now());
      const preview = previewOf(door, already);
      if (previews.size >= PREVIEWS_KEPT) previews.clear();
      previews.set(code.seed, preview);
      return preview;
    } finally {
      door.knock.close();
    }
  };

  const joinNow = async (link: string): Promise<{ wid: string }> => {
    const code = readCode(link);
    const person = deps.person();
    if (memberOf(code.wid)) return { wid: code.wid };
    // Who was here before needs a key of their own. Where nothing here says so, the server does.
    const known = lives.find(code.wid) !== null;
    const { joined, door } = await enter(code, person, known).catch((error: unknown) => {
      if (known || !(error instanceof Refusal) || !KEY_KNOWN.has(error.code)) throw error;
      return enter(code, person, true);
    });
    const live = await lives.begin(joined.row);
    live.start();
    const loaded = await live.reached(joined.at, LOADED_WITHIN_MS);
    if (loaded) verify(live, door, joined.at);
    return { wid: code.wid };
  };

  const enter = async (code: InviteCode, person: string, fresh: boolean): Promise<{ joined: Joined; door: Door }> => {
    const door = await atTheDoor(code);
    try {
      const shown = previews.get(code.seed);
      if (shown !== undefined && !sameOffer(shown, previewOf(door, false))) throw refused("invite-changed");
      return {
        door,
        joined: await join({ rows: deps.rows, keys: await deps.keys(), keep: deps.keep, clock }, door, person, fresh),
      };
    } finally {
      door.knock.close();
    }
  };

  return {
    "invite.inspect": ({ link }) => inspect(link),
    "invite.join": async ({ link }) => {
      const { wid } = readCode(link);
      const running = joining.get(wid);
      if (running !== undefined) return running;
      const started = joinNow(link).finally(() => joining.delete(wid));
      joining.set(wid, started);
      return started;
    },
    "invite.create": ({ wid, ...wanted }) => invites.create(lives.get(wid), wanted),
    "invite.revoke": async ({ wid, invite }) => {
      await invites.revoke(lives.get(wid), invite);
      return {};
    },
  };
};

const sameOffer = (a: InvitePreview, b: InvitePreview): boolean =>
  a.workspace === b.workspace &&
  a.inviter === b.inviter &&
  a.role === b.role &&
  a.roleDefined === b.roleDefined &&
  a.confirm === b.confirm &&
  a.back === b.back &&
  a.wid === b.wid;

/** The log is what is true; what the server said at the door must be what the log says. */
const verify = (live: Live, { greeting, invite, by }: Door, at: number): void => {
  const halt = live.replica.halt();
  if (halt !== null) throw new Refusal(halt);
  const { log, me } = live;
  const inviter = log.devices.get(by)?.member;
  const maker = inviter === undefined ? undefined : log.members.get(inviter);
  // They may have changed their name since the link was looked at.
  const named = maker !== undefined && maker.formerly.includes(greeting.inviter) ? greeting.inviter : maker?.name;
  const role = roleOf(log, me, at);
  const expected = invite.mode === "confirm" ? GUEST : invite.role;
  if (
    log.name === greeting.workspace &&
    named === greeting.inviter &&
    role === expected &&
    nameBack(log, invite) === greeting.member
  )
    return;
  live.replica.suspect(
    LOG,
    "names-differ",
    JSON.stringify({ workspace: greeting.workspace, inviter: greeting.inviter }),
  );
  const stopped = live.replica.halt();
  throw new Refusal(stopped ?? why("tampered", "names-differ", false));
};

const nameBack = (log: ReadLog, invite: InvitePayload): string | null =>
  invite.member === null ? null : (log.members.get(invite.member)?.name ?? null);
