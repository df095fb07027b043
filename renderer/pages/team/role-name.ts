import type { TeamView } from "#bridge/views.ts";

export const roleName = (team: TeamView, id: string): string => team.roles.find((role) => role.id === id)?.name ?? id;
