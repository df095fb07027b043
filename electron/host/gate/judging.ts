/** What rights, rules and limits say of a call now. Judged anew each time, by the newest log that is verified here. */
import type { Live } from "#client/live.ts";
import { LEASE_ENDED } from "#client/keys/lease.ts";
import { may, policyAt, roleOf } from "#core/rules/may.ts";
import { told } from "#bridge/told.ts";
import type { Authority, ProposedCall, Tools } from "../seams.ts";
import { toolStanding } from "./definitions.ts";
import { linksOf } from "./links.ts";
import { evaluate, findingFact } from "./match.ts";

export interface JudgingDeps {
  /** The workspace, or null where this app has none of that id. */
  readonly live: (wid: string) => Live | null;
  readonly tools: Pick<Tools, "find">;
}

export const createJudge = (deps: JudgingDeps): Authority["judge"] => {
  /** What does not run here has no definition to compare; it gets no permit either. */
  const isChanged = (live: Live, call: ProposedCall): boolean => {
    const tool = deps.tools.find(call.wid, call.server, call.tool);
    return tool !== null && toolStanding(live.log, call.server, tool.def, tool.unsteady) !== "accepted";
  };

  return (call) => {
    const live = deps.live(call.wid);
    if (live === null) return { kind: "deny", rule: told("no-such-workspace") };
    const role = roleOf(live.log, live.me);
    const rights = may(live.log, live.me, "tools.use");
    if (role === null || !live.active()) return { kind: "deny", rule: told("you-not-active") };
    if (!rights.allowed) return { kind: "deny", rule: rights.why };
    const policy = policyAt(live.log);
    const found = evaluate(policy, {
      server: call.server,
      tool: call.tool,
      role,
      args: call.args,
      changed: isChanged(live, call),
      links: linksOf(live.log, call.server),
    });
    const rule = findingFact(live.log, policy, found, call.tool);
    const unasked = found.effect.kind === "allow" || found.effect.kind === "confirm";
    if (unasked && live.leaseEnded()) return { kind: "deny", rule: LEASE_ENDED, passes: true };
    if (found.effect.kind !== "ask") return { kind: found.effect.kind, rule };
    const halt = live.replica.halt();
    if (halt !== null) return { kind: "deny", rule: told("approvals-stopped", halt) };
    return { kind: "ask", rule, ruleId: found.rule?.id ?? "default", queue: found.effect.queue };
  };
};
