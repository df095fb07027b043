/** Computers of a person: their keys, and how they end. */
import { z } from "zod";
import type { DeepReadonly } from "#core/rules/read.ts";
import { Verdict } from "./answer.ts";
import { wid, id, done } from "./fields.ts";
import { method } from "./method.ts";

/** One computer of a person, however often its key was replaced. */
export const DeviceView = z.strictObject({
  id: z.string(),
  addedAt: z.number(),
  keyReplacedAt: z.number().nullable(),
  revokedAt: z.number().nullable(),
  /** What closed it: somebody revoked it, its member came back with another, or the membership ended. */
  ended: z.enum(["revoked", "lost", "membership"]).nullable(),
  current: z.boolean(),
  kind: z.enum(["desktop", "phone", "runner"]),
  /** As its person named it; null where nobody did. */
  name: z.string().nullable(),
  /** Version of its app, as that said; null where it said none yet. */
  version: z.string().nullable(),
  /** Does not know the level of the workspace, or the next one where this app knows that. */
  behind: z.boolean(),
  /** Set where it came in place of lost ones: who let it in, and when. Shown to everybody. */
  cameBack: z.strictObject({ by: z.string(), at: z.number() }).nullable(),
  canRevoke: Verdict,
  canReplaceKey: Verdict,
});
export type DeviceView = DeepReadonly<z.infer<typeof DeviceView>>;

/** Somebody came back with a new device, and their older ones are closed. */
export const CameBackView = z.strictObject({ device: z.string(), name: z.string(), by: z.string(), at: z.number() });
export type CameBackView = DeepReadonly<z.infer<typeof CameBackView>>;

export const deviceMethods = {
  /** Replaces the key of this computer's device; requests that wait go on. */
  "device.replaceKey": method({
    params: z.strictObject({ wid }),
    result: done,
    windows: ["main"],
    needs: { none: "self" },
  }),
  "device.revoke": method({
    params: z.strictObject({ wid, device: id }),
    result: done,
    windows: ["main"],
    needs: { in: "handler", because: "everybody closes their own devices" },
  }),
};
