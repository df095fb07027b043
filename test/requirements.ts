/**
 * What the product must do, as data. A test claims a promise by starting its title with the id, e.g. `[T19] …`; the
 * gate in `unit/requirements.test.ts` fails on an unknown id, on a promise that nobody claims, and on a claim for one
 * that is marked as not built.
 */

export type Standing =
  /** Tests prove all of it. */
  | { readonly kind: "proven" }
  /** Tests prove some of it; `missing` says what they do not. */
  | { readonly kind: "partly"; readonly missing: string }
  /** Not built or not tested; `why` says so. */
  | { readonly kind: "deferred"; readonly why: string };

export interface Requirement {
  readonly promise: string;
  readonly standing: Standing;
}

const proven: Standing = { kind: "proven" };
const partly = (missing: string): Standing => ({ kind: "partly", missing });
const deferred = (why: string): Standing => ({ kind: "deferred", why });

export const requirements: Readonly<Record<string, Requirement>> = {
  T1: { promise: "One person's work never reaches another's model.", standing: proven },
  T2: { promise: "Private text never leaves the machine, and a planted positive control is found.", standing: proven },
  T3: {
    promise: "Two threads of the same person do not mix unless the person asks for it.",
    standing: partly("there is no memory beyond a thread yet, and so no way to ask for mixing"),
  },
  T4: {
    promise: "Prompt tokens are identical with 0 or 50 busy teammates; each thread shows its meter and its context.",
    standing: partly("the count of teammates in the test is smaller than 50"),
  },
  T5: {
    promise: "A role without a right, later `knowledge.delete`, is refused what it is for on every path.",
    standing: partly(
      "knowledge is not built and its rights come with it: rule, screen, RPC, forged message and tool call refuse `policy.edit`, `members.assign` and `tools.use` instead",
    ),
  },
  T6: { promise: "An Auditor reads and exports the audit log and can change nothing.", standing: proven },
  T7: { promise: "Built-in and custom roles, default deny, proven by a table of role × action.", standing: proven },
  T8: {
    promise: "50 members and 500 pending cards do not slow unrelated threads.",
    standing: deferred("load of that size is not simulated"),
  },
  T9: {
    promise: "One change reaches all connected apps in under 5 s, once; offline ones on reconnect.",
    standing: deferred("agent definitions and knowledge entries are not shared yet"),
  },
  T10: {
    promise: "The sync server starts with one command, no external database, under 150 MB with 50 clients.",
    standing: partly(
      "five minutes from a clean machine to the first workspace depend on the download and are not timed",
    ),
  },
  T11: {
    promise: "Shared agent definition and tool catalogue, private runs.",
    standing: deferred("agent definitions are not shared yet"),
  },
  T12: {
    promise: "Thread list, search, export and notifications show one's own and explicitly shared threads only.",
    standing: partly("export and shared threads are not built"),
  },
  T13: {
    promise: "No replica ever holds text that its member may not read.",
    standing: deferred("sharing and locking threads are not built"),
  },
  T14: {
    promise: "An Admin can do every administrative action from a screen, audited, and still not read a private thread.",
    standing: proven,
  },
  T15: {
    promise: "A forged update or command is refused by the server and ignored by every host; the last Owner stays.",
    standing: proven,
  },
  T16: {
    promise: "From an invite link to the first message in under 60 s: running, cold start, another workspace open.",
    standing: proven,
  },
  T17: {
    promise:
      "Role and tools are in effect at first sync; bad links are refused with the reason; invites survive a restart.",
    standing: partly("knowledge documents are not built"),
  },
  T18: {
    promise:
      "A card reaches every signed-in device of every eligible approver, closes everywhere, and shows on no other.",
    standing: proven,
  },
  T19: {
    promise: "What was approved is what runs, exactly once; killed at any step nothing is lost or doubled.",
    standing: proven,
  },
  T20: {
    promise:
      "Rules route by tool, arguments and role to named people or roles, with delegation, steps that end in no, and practice; the requester never counts; bad votes never count.",
    standing: proven,
  },
  T21: {
    promise: "A decision from the tray popup without the main window; arguments hidden on a locked screen.",
    standing: partly(
      "that the popup opens beside a tray needs a desktop; hiding on a locked screen is not tested on one",
    ),
  },
  T22: {
    promise: "Locking a shared thread removes a Member's access at the next sync.",
    standing: deferred("shared threads are not built"),
  },
  T23: {
    promise: "Notifications, titles, presence, logs, audit and search index carry no private text.",
    standing: proven,
  },
  T24: {
    promise: "After restart, restore or on a second device, memory stays with its owner.",
    standing: partly("backup has no screen"),
  },
  T25: {
    promise:
      "Unknown keys, types and oversized values are refused; the documented list of synced fields equals the code's.",
    standing: proven,
  },
  T26: {
    promise: "With the network cut ungated work goes on, gated calls queue, and reconnect delivers once.",
    standing: proven,
  },
  T27: {
    promise: "The popup shows everything a decision needs; a 10 kB command is fully readable; it stays until answered.",
    standing: proven,
  },
  T28: { promise: "Hostile links show a confirm screen or an error and never act silently.", standing: proven },
  T29: {
    promise: "A tool process gets only allowed environment variables; secrets live in the keychain or a 0600 file.",
    standing: proven,
  },
  T30: {
    promise: "A newer teammate never makes an older app accuse the server.",
    standing: partly(
      "no build is released whose logs could be replayed, and an app that is set back opens what a newer one kept (LV10)",
    ),
  },
  T31: {
    promise:
      "No single key and no stray click runs anything; nothing is approved whose end was not seen; invisible and look-alike characters are marked.",
    standing: proven,
  },
  T32: {
    promise: "One person alone can work: confirm asks the person who runs, works offline, never satisfies a queue.",
    standing: proven,
  },
  T33: {
    promise: "A tool whose definition changed asks again, with the difference; hints never preselect allow.",
    standing: proven,
  },
  T34: {
    promise:
      "Standing approvals are signed by approvers, bounded, counted once, open to review, withdrawn with one click.",
    standing: deferred("standing approvals are not built"),
  },
  T35: {
    promise: "Whoever is bound by a rule cannot loosen it alone where the team says so, and never unseen.",
    standing: deferred("change control is not built"),
  },
  T36: {
    promise: "“Can approve now” is true within 30 s; an approver who was not told can find out why.",
    standing: deferred("presence is not built; until then the app says who may approve"),
  },
  T37: {
    promise: "An invite for an approver leads to a card, a badge and a role, without anybody knowing where to look.",
    standing: proven,
  },
  T38: { promise: "No secret leaves through arguments, address or headers of a tool server.", standing: proven },
  T39: { promise: "Nothing typed is lost or swallowed.", standing: proven },
  T40: {
    promise: "The app says truly where text goes; a thread never moves to another model by itself.",
    standing: proven,
  },
  T41: {
    promise: "A thread does not die of its model.",
    standing: deferred("sizes of models and reasoning are not kept yet"),
  },
  T42: {
    promise: "Agents are defined once for the team, changes are signed and shown, runs stay private.",
    standing: deferred("agents of a team are not built"),
  },
  T43: {
    promise: "A phone decides within five seconds of the notice, and can do nothing else.",
    standing: deferred("the phone is not built"),
  },
  T44: {
    promise: "One's own threads can be exported, imported, backed up and restored.",
    standing: deferred("threads cannot be exported or brought back yet"),
  },
  T45: {
    promise:
      "A person can do everything with keys, a screen reader, at 200 %, from right to left, and in a second language.",
    standing: deferred("keys and contrast are tested; screen readers, direction and a second language are not"),
  },
  T46: {
    promise:
      "Five hundred documents, 50 members, 500 waiting cards and a million messages slow nothing that a person does.",
    standing: deferred("loads of that size are not simulated"),
  },
};
