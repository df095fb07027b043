/** A modified app that sends any command for a queue, over its own lane, as the server takes them from everybody. */
import { nodeCrypto } from "#node/crypto.ts";
import { connectModified } from "./modified-client.ts";

export interface ModifiedVoter {
  /** `ahead` is how far the server's clock was moved, ms. */
  send(kind: string, body: unknown, ahead?: number): Promise<{ ok: boolean; code?: string }>;
  vote(request: string, v?: "approve" | "reject", ahead?: number): Promise<{ ok: boolean; code?: string }>;
  close(): void;
}

/** Stop that person's app first. */
export const connectVoter = async (
  serverUrl: string,
  wid: string,
  member: string,
  dataDir: string,
  queue = "approvers",
): Promise<ModifiedVoter> => {
  const lane = await connectModified(serverUrl, wid, `lane:${member}`, dataDir);
  const log = await connectModified(serverUrl, wid, "log", dataDir);
  const send: ModifiedVoter["send"] = (kind, body, ahead = 0) => {
    const seen = [log.entries().length, nodeCrypto.sha256(log.entries().at(-1) ?? "")];
    return lane.send(lane.command(kind, body, { d: `queue:${queue}`, seen, exp: Date.now() + ahead + 300_000 }));
  };
  return {
    send,
    vote: (request, v = "approve", ahead = 0) => send("approval.vote", { request, v, note: null }, ahead),
    close: () => {
      lane.close();
      log.close();
    },
  };
};
