import { readCode, atTheDoor, checkDoor, join, previewOf } from "../../sync/founding.ts";
import type { Door } from "../../sync/founding.ts";
import { LOG } from "#core/ids.ts";
import type { MemberId } from "#core/ids.ts";
import { roleOf } from "#core/may.ts";
import { GUEST } from "#core/roles.ts";
import type { InvitePreview } from "#bridge/views.ts";
import { Refusal } from "../../seams.ts";
import type { Clock, Handlers } from "../../seams.ts";
import type { WorkspaceStore } from "../../store/workspaces.ts";
import type { Invites } from "../../sync/invites.ts";
import type { Live } from "../../sync/live.ts";
import type { Lives } from "../../sync/lives.ts";
import type { Signer } from "../../sync/signer.ts";

export interface InviteHandlerDeps {
  readonly lives: Lives;
  readonly invites: Invites;
  readonly rows: WorkspaceStore;
  readonly clock: Clock;
  readonly signer: () => Promise<Signer>;
  readonly person: () => string;
}

const LOADED_WITHIN_MS = 15_000;
const PREVIEWS_KEPT = 50;

/** The methods `invite.*`. Nothing is joined by looking; joining twice is joining once. */
export const createInviteHandlers = (deps: InviteHandlerDeps): Pick<Handlers, "invite.inspect" | "invite.join" | "invite.create" | "invite.revoke"> => {
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
    if (lives.find(code.wid) !== null) throw new Refusal("already-exists", "This device was part of this workspace before. A removed device cannot come back; ask an Admin what to do.");
    const signer = await deps.signer();
    const door = await atTheDoor(code);
    try {
      const shown = previews.get(code.seed);
      if (shown !== undefined && !sameOffer(shown, previewOf(door, false))) throw new Refusal("invite-changed", "The server now says something else about this invite than before. Open the link again and look closely.");
      const joined = await join({ rows: deps.rows, signer, clock }, door, person);
      const live = lives.open(joined.row);
      live.start();
      const loaded = await live.reached(joined.at, LOADED_WITHIN_MS);
      if (loaded) verify(live, door);
      return { wid: code.wid };
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

const sameOffer = (a: InvitePreview, b: InvitePreview): boolean => a.workspace === b.workspace && a.inviter === b.inviter && a.role === b.role && a.wid === b.wid;

/** The log is what is true; what the server said at the door must be what the log says. */
const verify = (live: Live, { greeting, invite, by }: Door): void => {
  const halt = live.replica.halt();
  if (halt !== null) throw new Refusal(halt.code, halt.message);
  const { log, me } = live;
  const inviter = log.devices.get(by as never)?.member;
  const named = inviter === undefined ? undefined : log.members.get(inviter as MemberId)?.name;
  const role = roleOf(log, me, firstPosition(live));
  const expected = invite.mode === "confirm" ? GUEST : invite.role;
  if (log.name === greeting.workspace && named === greeting.inviter && role === expected) return;
  live.replica.suspect(LOG, "names-differ", JSON.stringify({ workspace: greeting.workspace, inviter: greeting.inviter }));
  const stopped = live.replica.halt();
  throw new Refusal(stopped?.code ?? "tampered", stopped?.message ?? "");
};

const firstPosition = ({ log, me }: Live): number => log.members.get(me)?.role[0]?.[0] ?? log.seq;
