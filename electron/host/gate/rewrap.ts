/**
 * Seals the arguments of own requests again for approvers, and devices, that came while a request waits. Only to the
 * newcomers, only from the bytes that were signed, and only while the newest head is known: who was removed meanwhile
 * gets nothing new.
 *
 * A request takes few copies (AP20), so those who come close together share one, and each copy that was made makes the
 * next one wait twice as long for more of them.
 */
import { COPIES_MAX } from "#core/rules/approval.ts";
import { standing } from "#core/rules/waiting.ts";
import { isSameDevice } from "#core/rules/may.ts";
import type { ReadDevice, ReadRequest } from "#core/rules/read.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { Shell } from "../seams.ts";
import { clientCrypto } from "#node/client-crypto.ts";
import type { WorkspaceStore } from "#client/ports/store.ts";
import type { Live } from "#client/live.ts";
import { addressees } from "#client/keys/jwe.ts";
import { readers, seal, SEALED_MAX, unseal } from "#client/keys/sealed.ts";
import { holdsCall } from "./enclosure.ts";

const TOGETHER_MS = 2_000;

export interface RewrapDeps {
  readonly shell: Shell;
  readonly rows: Pick<WorkspaceStore, "outboxOf">;
  readonly live: (wid: string) => Live | null;
}
export interface Rewraps {
  /** The fold or the connection moved: whether somebody came who cannot open an own request. */
  look(live: Live): void;
  close(): void;
}

export const createRewraps = ({ shell, rows, live: find }: RewrapDeps): Rewraps => {
  const timers = new Map<string, NodeJS.Timeout>();
  const looked = new Map<string, string>();
  let closed = false;

  const newcomers = (live: Live, request: ReadRequest): ReadDevice[] => {
    if (
      standing(request, live.serverNow()) !== "pending" ||
      request.copies.length >= COPIES_MAX ||
      !isSameDevice(live.log, request.device, live.device)
    )
      return [];
    const sent = rows.outboxOf(live.wid, request.id).filter((row) => row.kind === "approval.rewrap");
    // One that is on its way is counted when it is folded; one that was refused would be refused again.
    if (sent.length > request.copies.length || sent.some((row) => row.state === "refused")) return [];
    const reached = new Set([request.jwe, ...request.copies].flatMap(addressees));
    return readers(live.log, request.policy, request.requester, live.serverNow()).filter(
      (device) => !reached.has(device.id),
    );
  };

  const wrap = async (live: Live, id: string): Promise<void> => {
    const ready = (): readonly ReadDevice[] => {
      const request = inSync(live) && find(live.wid) === live && !closed ? ownRequest(live, id) : undefined;
      return request === undefined ? [] : newcomers(live, request);
    };
    const request = ownRequest(live, id);
    if (request === undefined || ready().length === 0) return;
    const text = await unseal(shell, request.jwe);
    if (!holdsCall(text, request.callHash)) return;
    const devices = ready();
    if (devices.length === 0) return;
    const jwe = await seal(clientCrypto, text, devices);
    if (jwe.length <= SEALED_MAX && !closed)
      await live.outbox.later("approval.rewrap", request.doc, { request: request.id, jwe }, { request: request.id });
  };

  const look = (live: Live): void => {
    const mark = `${live.log.seq} ${live.docs
      .lanes()
      .map(({ seq }) => seq)
      .join()} ${inSync(live)}`;
    if (looked.get(live.wid) === mark || closed) return;
    looked.set(live.wid, mark);
    if (!inSync(live)) return;
    for (const request of live.docs.lanes().flatMap(({ requests }) => [...requests.values()])) {
      if (timers.has(request.id) || newcomers(live, request).length === 0) continue;
      const run = (): void => {
        timers.delete(request.id);
        wrap(live, request.id).catch((error: unknown) => {
          if (!(error instanceof Refusal)) throw error;
          // A full disk or keys that are locked now: tried again with the next look.
          looked.delete(live.wid);
        });
      };
      timers.set(request.id, setTimeout(run, TOGETHER_MS * 2 ** request.copies.length).unref());
    }
  };

  return {
    look,
    close: () => {
      closed = true;
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
};

const inSync = (live: Live): boolean => live.link().link === "in-sync";
const ownRequest = (live: Live, id: string): ReadRequest | undefined => live.docs.asked(id);
