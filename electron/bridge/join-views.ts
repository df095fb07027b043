/** What a window may see of people who come in: whose invite promised a role, and where a workspace can be reached. */
import { z } from "zod";
import { Code, PersonMark, Verdict } from "./views.ts";

/** Somebody who is a Guest until the role that their invite promised is given or refused. */
export const ArrivalView = z.strictObject({
  /** Id of the member: it names the card. */
  member: z.string(),
  name: z.string(),
  mark: PersonMark,
  me: z.boolean(),
  /** Id and name of the promised role, and what it allows. */
  role: z.string(),
  roleName: z.string(),
  caps: z.array(z.string()),
  /** Who made the invite; null where it is not known any more. */
  invitedBy: z.strictObject({ name: z.string(), me: z.boolean() }).nullable(),
  /** When they came: joined, or came back with a new device. */
  at: z.number(),
  back: z.boolean(),
  /** Whether I may give it. */
  can: Verdict,
  /** Names of everybody who may. */
  who: z.array(z.string()),
  /** Null while it waits; `given` is the name of the role that they got, or null where it was refused. */
  outcome: z
    .strictObject({ given: z.string().nullable(), by: z.string(), byMe: z.boolean(), at: z.number() })
    .nullable(),
});
export type ArrivalView = z.infer<typeof ArrivalView>;

/** An address of this computer in a network. `kind`: whom it reaches, as far as an address says. */
export const NetworkAddress = z.strictObject({
  host: z.string().max(64),
  name: z.string().max(64),
  kind: z.enum(["local", "public", "shared"]),
});
export type NetworkAddress = z.infer<typeof NetworkAddress>;

/** From where a workspace's server can be reached, as its address says. */
export const ReachView = z.strictObject({
  server: z.string(),
  /** Reached at an address of this computer alone. */
  here: z.boolean(),
  /** The server inside this app, for whom it listens; null where it runs elsewhere. */
  embedded: z.enum(["computer", "network"]).nullable(),
  addresses: z.array(NetworkAddress),
  /** Why there are none, where they were asked for. */
  problem: Code.nullable(),
});
export type ReachView = z.infer<typeof ReachView>;
