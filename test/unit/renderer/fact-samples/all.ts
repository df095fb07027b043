import { agentSamples } from "./agent.ts";
import { auditSamples } from "./audit.ts";
import { cardsSamples } from "./cards.ts";
import { clientSamples } from "./client.ts";
import { gateSamples } from "./gate.ts";
import { modelsSamples } from "./models.ts";
import { pairingSamples } from "./pairing.ts";
import { policySamples } from "./policy.ts";
import { rpcSamples } from "./rpc.ts";
import { shellSamples } from "./shell.ts";
import { storeSamples } from "./store.ts";
import { teamSamples } from "./team.ts";
import { toolsSamples } from "./tools.ts";
import { windowSamples } from "./window.ts";
import { workspacesSamples } from "./workspaces.ts";

export const ALL_SAMPLES = {
  ...agentSamples,
  ...auditSamples,
  ...cardsSamples,
  ...clientSamples,
  ...gateSamples,
  ...modelsSamples,
  ...pairingSamples,
  ...policySamples,
  ...rpcSamples,
  ...shellSamples,
  ...storeSamples,
  ...teamSamples,
  ...toolsSamples,
  ...windowSamples,
  ...workspacesSamples,
};
