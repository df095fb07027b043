import type { AgentArgs } from "#bridge/facts/agent.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

export const agentWords: SentencesOf<AgentArgs> = words("facts/agent.agentWords", {
  stopped: () => "You stopped the agent here.",
});
