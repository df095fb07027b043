/** Arguments for every code of the core, and every fact of every room with its arguments. What begins with N must be read in the sentence. */
import { REJECTS } from "#core/facts/reject.ts";
import type { RejectCode } from "#core/facts/reject.ts";
import { why } from "#core/facts/why.ts";
import type { Asked, CallFact, Does, Person, RuleFact, Why, WhyArgs, WhyCode } from "#core/facts/why.ts";
import type { ClientArgs } from "#core/facts/client-args.ts";
import type { Told } from "#bridge/told.ts";
import { WORDS_BY_ROOM } from "#text/room-words.ts";
import { ALL_SAMPLES } from "./all.ts";

/** What begins with N must be read, what begins with `id` must not; numbers go through the language. */
const named = <T>(id: string, name: string): T => [`id${id}`, `N${name}`] as T;
export const ada: Person = named("ada", "Ada");
const ben: Person = named("ben", "Ben");
export const crew = named<WhyArgs["role-may"][0]>("crew", "Crew");
const other = named<WhyArgs["role-may"][0]>("other", "Other");
const queue = named<WhyArgs["queue-names"][0]>("q", "Deploys");
const server = named<WhyArgs["act.server.removed"][0]>("s", "Files");
const call: CallFact = { practice: true, tool: "Nwrite", server: "Nfiles" };
const asked: Asked = [ada, call];
const asks: Does = ["ask", queue];
export const rule: RuleFact = {
  tool: null,
  tools: ["Nread", "Nwrite"],
  except: true,
  server,
  args: [
    { path: "Npath", op: "under", value: "N/notes" },
    { path: "Nhost", op: "host-in", value: "Nexample.org" },
  ],
  roles: [crew, other],
  does: asks,
  linksUnseen: true,
};

export const SAMPLES: { readonly [C in Exclude<WhyCode, RejectCode | keyof ClientArgs>]: WhyArgs[C] } = {
  "not-active": [],
  "role-may": [crew, "tools.use"],
  "role-may-not": [crew, "policy.edit"],
  "role-covers": [crew, other],
  "role-lacks": [crew, other],
  "role-covers-rights": [crew],
  "role-lacks-rights": [crew],
  "may-leave": [],
  "closes-own-devices": [],
  "queue-names": [queue, crew],
  "queue-names-later": [queue],
  "queue-names-not": [queue],
  "stands-in-for": [ada],
  "opens-asked": [],
  "opens-voted": [],
  "reads-log": [],
  "no-such-document": [],
  "reads-own-requests": [],
  "lane-of-another": [],
  "queue-removed": [],
  "checkpoint.owner": [],
  "checkpoint.verifying": [],
  rule: [rule],
  "no-rule": [asks],
  "tool-changed": [asks],
  "rule-asks": [queue],
  "bad-args": [],
  "practice-asks": [],
  "rule-not-in-force": [queue],
  "leaves-and-closes": [],
  "owner-signed": [crew],
  "owner-raised": [crew],
  "names-itself": [],
  "invite-good": [],
  "own-affair": [],
  "act.founded": ["NHarbour"],
  "act.joined": [],
  "act.joined.promised": [crew],
  "act.came-back": [ada],
  "act.role": [ada, crew, other],
  "act.role.refused": [ada],
  "act.renamed": ["NAda Lovelace"],
  "act.left": [],
  "act.removed": [ada],
  "act.device.added": [],
  "act.device.knows": ["1.2.0", 2],
  "act.level": [1, 2],
  "act.device.revoked": [ada, "iddevice" as never],
  "act.device.rotated": [],
  "act.role.defined": [crew, ["tools.use", "audit.read"]],
  "act.invite.made": [],
  "act.invite.revoked": [],
  "act.server.defined": [server, 4321],
  "act.server.removed": [server],
  "act.tool.accepted": [server, "Nwrite"],
  "act.tool.withdrawn": [server, "Nwrite"],
  "act.policy": [4321, "confirm", [queue, named("r", "Releases")]],
  "act.server-key": [],
  "act.checkpoint": [4321],
  "act.epoch": ["iddoc" as never, 4321, null, queue],
  "act.delegated": [ada, 4321],
  "act.undelegated": [],
  "act.asked": [call, true],
  "act.approved": [asked, [ben, named("eve", "Eve")]],
  "act.rejected": [asked, [ben]],
  "act.canceled": [asked],
  "act.rewrapped": [call],
  "act.ran": [call],
  "act.later": [],
  votes: [
    [
      [4321, 4322],
      [4323, 4324],
    ],
    4325,
    4326,
    4327,
  ],
  "clock-was-ahead": [7_200_000],
  "export.no-head": [],
  "export.other-format": [4321],
  "export.needs-level": [4321],
  "export.columns": [],
  "export.no-founding": [],
  "export.unreadable": [],
  "export.differs": [],
  "export.count": [],
};

const ROOM_SAMPLES = ALL_SAMPLES as Readonly<Record<string, readonly unknown[]>>;
export const FACTS: readonly Told[] = [
  ...REJECTS.map((code) => why(code)),
  ...Object.entries(SAMPLES).map(([code, args]) => ({ code, args }) as unknown as Why),
  ...Object.values(WORDS_BY_ROOM)
    .flatMap((words) => Object.keys(words))
    .map((code) => ({ code, args: ROOM_SAMPLES[code] ?? [] }) as unknown as Told),
];
