import type { ClientArgs, LineName } from "#core/facts/client-args.ts";
import type { SamplesOf } from "./samples-of.ts";

export const eve = [
  "ideve",
  "NEve",
  { role: "NAdmin", joinedAt: 4321, not: [["ideva", "NEva", "NOwner"]] },
] as unknown as LineName;
const server = "Nsync";

export const clientSamples: SamplesOf<ClientArgs> = {
  offline: [server, { kind: "wrong-name", name: "Nother" }],
  "workspace-unserved": [server],
  "device-unserved": [server],
  "out-removed": [eve],
  "out-closed": [eve],
  "server-name": [server],
  "proxy-no-upgrade": [server],
  "server-busy": [server],
  "server-or-proxy-busy": [server],
  "server-behind-proxy": [server],
  "server-silent-behind-proxy": [server],
  "server-elsewhere": [server],
  "server-not-bulkhead": [server, 404],
  "server-unreachable": [server, { kind: "proxy-refused", proxy: "Nproxy" }],
  "server-stranger": [server],
  "workspace-unknown": [server],
  "server-closed": [server],
  "founding-link": [server],
  "door-app-too-old": [server],
  "door-server-too-old": [server],
  "server-refused": [server],
  "clocks-apart": ["own-clock", 4321, 86_404_321],
  trouble: [{ kind: "expired", day: "N2026" }, server, true],
  tampered: ["fork", true],
  lie: ["fork"],
  "gave-back": [4321],
  "line-name": [eve],
};
