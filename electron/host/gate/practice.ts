/**
 * Practice requests: anybody tries how an approval goes, alone if the queue names them, and nothing can run. Three
 * things see to that, each on its own: no call and no hold stand behind such a request, so there is nothing to give a
 * permit for; the rules end it as `practiced`, never as `approved`; and its sealed text names no launch and no schema,
 * so its bytes are those of no call that could be made.
 */
import { refusalOf, refused } from "#bridge/refused.ts";
import type { Body, QueuePolicy } from "#core/protocol/command.ts";
import { queueDoc } from "#core/protocol/ids.ts";
import type { ServerId } from "#core/protocol/ids.ts";
import { may, namedBy, policyAt, roleOf } from "#core/rules/may.ts";
import type { ReadLog, ReadRequest } from "#core/rules/read.ts";
import { clientCrypto } from "#node/client-crypto.ts";
import { random22 } from "#node/crypto.ts";
import { rejected } from "../seams.ts";
import { requestNamed } from "#client/docs/requests.ts";
import type { Live } from "#client/live.ts";
import { approvers, readers, seal, SEALED_MAX } from "#client/keys/sealed.ts";
import { isObject, readJson } from "../json/strict-json.ts";
import { couldBeMet } from "./asking.ts";
import { crowded, tooLarge } from "./bounds.ts";
import { callHash, callText } from "./call-hash.ts";
import type { Opened } from "./call-hash.ts";
import { sealWithin, whyOf } from "./enclosure.ts";

/** Stands where a real text has hashes, which have 43 characters. */
const PRACTICE = "practice";
/** For a workspace without tools, and for people who want to touch nothing of their own. */
export const EXAMPLE = { id: PRACTICE, server: "Practice", tool: "example" } as const;
const DEPTH_MAX = 64;

export interface PracticeWish {
  readonly queue: string;
  /** Null for the built-in example. */
  readonly server: string | null;
  readonly tool: string;
  readonly args: string;
  /** For approvers to read. */
  readonly why?: string | undefined;
}

/** Whether the opened text of a request is a practice text exactly where the request is marked as practice, and names its server. */
export const fitsMark = ({ log }: Live, request: ReadRequest, text: Opened): boolean => {
  const marked = text.server.launch === PRACTICE && text.schema === PRACTICE;
  if (marked !== request.practice) return false;
  if (marked && text.server.id === EXAMPLE.id) return request.server === EXAMPLE.server;
  return log.servers.get(text.server.id as ServerId)?.name === request.server;
};

/** Sends a practice request; answers its id. */
export const practise = async (live: Live, wish: PracticeWish): Promise<string> => {
  const { log, me } = live;
  const queue = policyAt(log).queues.find(({ id }) => id === wish.queue);
  if (queue === undefined) throw rejected("no-such-queue");
  if (!queue.practice) throw rejected("no-practice");
  if (!couldBeDecided(live, queue)) throw refused("nobody-to-practice", queue.name);
  const full = crowded(live, queue, null);
  if (full !== null) throw refusalOf(full);
  const { id, name, tool } = target(log, wish);
  const read = readJson(wish.args, { lenient: false, maxDepth: DEPTH_MAX });
  if (!read.ok || !isObject(read.value)) throw refused("practice-arguments");
  const text = callText({
    workspace: live.wid,
    requester: me,
    device: live.device,
    server: { id, launch: PRACTICE },
    tool,
    schema: PRACTICE,
    args: wish.args,
    salt: random22(),
  });
  const devices = readers(log, queue, me, live.serverNow());
  const sealed = await sealWithin(text, { why: whyOf(wish.why), before: null }, SEALED_MAX, (each) =>
    seal(clientCrypto, each, devices),
  );
  if (sealed === null) throw refusalOf(tooLarge(text, wish.args, queue, devices));
  const body: Body<"approval.request"> = {
    ttlMs: queue.decideMs,
    server: name,
    tool,
    rule: "default",
    callHash: callHash(text),
    jwe: sealed.jwe,
    replaces: null,
    practice: true,
  };
  return live.outbox.later("approval.request", live.docs.newest(queueDoc(queue.id)), body, { request: null });
};

export const withdrawPractice = async (live: Live, id: string): Promise<void> => {
  // From the queue too: it may be here before the own lane.
  const request = requestNamed(live, id);
  if (request?.requester !== live.me || !request.practice) throw rejected("no-such-request");
  await live.outbox.later("approval.cancel", request.doc, { request: request.id }, { request: request.id });
};

const target = (log: ReadLog, { server, tool }: PracticeWish): { id: string; name: string; tool: string } => {
  if (server === null) return { id: EXAMPLE.id, name: EXAMPLE.server, tool: EXAMPLE.tool };
  const known = log.servers.get(server as ServerId);
  if (known === undefined) throw rejected("no-such-server");
  if (!known.tools.some(({ name }) => name === tool)) throw refused("no-such-tool", known.name);
  return { id: known.id, name: known.name, tool };
};

/** Whether the people who are here could decide it: in practice whoever asks may be one of them. */
const couldBeDecided = (live: Live, queue: QueuePolicy): boolean => {
  const { log, me } = live;
  const self = may(log, me, "approvals.decide").allowed && namedBy(queue, me, roleOf(log, me)) ? [me] : [];
  return couldBeMet(log, queue, [...approvers(log, queue, me, live.serverNow()), ...self]);
};
