/** Members in words: what they did outlives their membership. */
import type { MemberId } from "#core/ids.ts";
import type { Log } from "#core/state.ts";

export const nameOf = ({ members }: Pick<Log, "members">, member: MemberId): string => members.get(member)?.name ?? "a former member";
