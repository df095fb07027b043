/** An act as its window shows it. */
import type { ShownAct } from "#bridge/act.ts";
import { visibleName } from "#bridge/plain-text.ts";
import { told } from "#bridge/told.ts";
import { clockWords } from "../../text/common.ts";
import { factWords } from "../../text/facts.ts";
import { confirmActWords as words, delegateActWords, levelActWords, roleActWords } from "../../text/confirm-act.ts";

export interface ActFacts {
  readonly title: string;
  readonly facts: [label: string, value: string][];
  readonly why: string;
  readonly yes: string;
}

export const actFacts = (act: ShownAct, now: number): ActFacts => {
  const workspace: [string, string] = [words.workspace, visibleName(act.workspace)];
  if (act.kind === "workspace.level") {
    const { title, now, why, yes } = levelActWords;
    return { title: title(act.to), facts: [workspace, [now, String(act.from)]], why, yes: yes(act.to) };
  }
  const member = visibleName(factWords(told("line-name", act.member)));
  const person: [string, string] = [words.person, member];
  if (act.kind === "member.role") {
    const { title, role, ownRole, why, yes } = roleActWords;
    const named = act.own ? ownRole(visibleName(act.role)) : visibleName(act.role);
    return { title: title(member, named), facts: [workspace, person, [role, named]], why, yes };
  }
  const { title, until, why, yes } = delegateActWords;
  return { title: title(member), facts: [workspace, person, [until, clockWords(act.until, now)]], why, yes };
};
