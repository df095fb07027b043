/** The sentences of every room, in English. */
import { clientWords } from "./client-words.ts";
import { agentWords } from "./facts/agent.ts";
import { auditWords } from "./facts/audit.ts";
import { cardsWords } from "./facts/cards.ts";
import { gateWords } from "./facts/gate.ts";
import { modelsWords } from "./facts/models.ts";
import { pairingWords } from "./facts/pairing.ts";
import { policyWords } from "./facts/policy.ts";
import { rpcWords } from "./facts/rpc.ts";
import { shellWords } from "./facts/shell.ts";
import { storeWords } from "./facts/store.ts";
import { teamWords } from "./facts/team.ts";
import { toolsWords } from "./facts/tools.ts";
import { windowWords } from "./facts/window.ts";
import { workspacesWords } from "./facts/workspaces.ts";

/** By room, so that a test sees a code that two rooms claim. */
export const WORDS_BY_ROOM = {
  agent: agentWords,
  client: clientWords,
  audit: auditWords,
  cards: cardsWords,
  gate: gateWords,
  models: modelsWords,
  pairing: pairingWords,
  policy: policyWords,
  rpc: rpcWords,
  shell: shellWords,
  store: storeWords,
  team: teamWords,
  tools: toolsWords,
  window: windowWords,
  workspaces: workspacesWords,
} as const;

export const roomWords = {
  ...agentWords,
  ...clientWords,
  ...auditWords,
  ...cardsWords,
  ...gateWords,
  ...modelsWords,
  ...pairingWords,
  ...policyWords,
  ...rpcWords,
  ...shellWords,
  ...storeWords,
  ...teamWords,
  ...toolsWords,
  ...windowWords,
  ...workspacesWords,
};
