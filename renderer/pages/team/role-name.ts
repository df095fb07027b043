import type { TeamView } from "#bridge/member.ts";

export const roleName = (team: TeamView, id: string): string => team.roles.find((role) => role.id === id)?.name ?? id;

/** Whether a role has no right that a Member has not: such an invite needs no second person. */
export const gainsNothing = (team: TeamView, id: string): boolean => {
  const caps = (of: string): readonly string[] => team.roles.find((role) => role.id === of)?.caps ?? [];
  return caps(id).every((cap) => caps("member").includes(cap));
};
