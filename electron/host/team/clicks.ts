/** Asks for the click without which the shell does not sign (SG1): the shell draws the window, and names come from the log. */
import { asksInWindow, LIKE_MAX } from "#bridge/act.ts";
import type { actMethods, AskedAct } from "#bridge/act.ts";
import type { LineName } from "#core/facts/client-args.ts";
import type { Body, Kind } from "#core/protocol/command.ts";
import { asMemberId } from "#core/protocol/ids.ts";
import type { MemberId, RoleId } from "#core/protocol/ids.ts";
import { roleNamed } from "#core/rules/may.ts";
import type { ReadLog } from "#core/rules/read.ts";
import { nameInLine } from "../people/names.ts";
import type { HandlersOf, Shell } from "../seams.ts";

/** Whom and which roles a body names. */
const namedIn = (log: ReadLog, body: object): Pick<AskedAct, "people" | "roles"> => {
  const ids = Object.values(body).filter((id) => typeof id === "string");
  const people = ids.flatMap((id) => {
    const member = asMemberId(id);
    return member !== undefined && log.members.has(member) ? [[member, personIn(log, member)] as const] : [];
  });
  const roles = ids.flatMap((id) => {
    const role = roleNamed(log, id as RoleId);
    return role === undefined ? [] : [[role.id, role.name] as const];
  });
  return { people: Object.fromEntries(people), roles: Object.fromEntries(roles) };
};
const personIn = (log: ReadLog, member: MemberId): LineName => {
  const [id, name, apart] = nameInLine(log, member);
  return [id, name, apart && { ...apart, not: apart.not.slice(0, LIKE_MAX) }];
};

/** Resolves at once where no click is needed. Rejects with the shell's `Refusal`. */
export const createClicks =
  (shell: Shell) =>
  async <K extends Kind>(log: ReadLog, kind: K, body: Body<K>): Promise<void> => {
    if (!asksInWindow(kind, body)) return;
    await shell.request("act.confirm", { wid: log.wid, workspace: log.name, kind, body, ...namedIn(log, body) });
  };

/** The shell heard the click before this, and tells whoever asked: nothing is left to do here. */
export const clickHandlers: HandlersOf<typeof actMethods> = { "act.answer": () => ({}) };
