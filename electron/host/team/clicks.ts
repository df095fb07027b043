/** Asks for the click without which the shell does not sign (SG1): the shell draws the window, and names come from the log. */
import { asksInWindow } from "#bridge/act.ts";
import type { actMethods } from "#bridge/act.ts";
import type { Body, Kind } from "#core/protocol/command.ts";
import { why } from "#core/facts/why.ts";
import { factWords } from "#text/facts.ts";
import { asMemberId } from "#core/protocol/ids.ts";
import type { RoleId } from "#core/protocol/ids.ts";
import { roleNamed } from "#core/rules/may.ts";
import type { ReadLog } from "#core/rules/read.ts";
import { nameInLine } from "../people/names.ts";
import type { HandlersOf, Shell } from "../seams.ts";

/** Names of the members and roles that a body names. */
const namesIn = (log: ReadLog, body: object): Record<string, string> =>
  Object.fromEntries(
    Object.values(body).flatMap((id: unknown): [string, string][] => {
      const member = asMemberId(id);
      if (member !== undefined && log.members.has(member))
        return [[member, factWords(why("line-name", nameInLine(log, member))).slice(0, 400)]];
      const role = typeof id === "string" ? roleNamed(log, id as RoleId) : undefined;
      return role === undefined ? [] : [[role.id, role.name]];
    }),
  );

/** Resolves at once where no click is needed. Rejects with the shell's `Refusal`. */
export const createClicks =
  (shell: Shell) =>
  async <K extends Kind>(log: ReadLog, kind: K, body: Body<K>): Promise<void> => {
    if (!asksInWindow(kind, body)) return;
    await shell.request("act.confirm", { wid: log.wid, workspace: log.name, kind, body, names: namesIn(log, body) });
  };

/** The shell heard the click before this, and tells whoever asked: nothing is left to do here. */
export const clickHandlers: HandlersOf<typeof actMethods> = { "act.answer": () => ({}) };
