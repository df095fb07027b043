import type { MemberId } from "#core/protocol/ids.ts";
import type { GateArgs } from "#bridge/facts/gate.ts";
import { told } from "#bridge/told.ts";
import type { SamplesOf } from "./samples-of.ts";

const WHY = told("note", "Nwords.");

export const gateSamples: SamplesOf<GateArgs> = {
  "approvals-stopped": [WHY],
  "call-denied": [WHY],
  "must-ask": [WHY],
  rejected: [told("deciders", [["idada" as MemberId, "NAda"]]), WHY],
  deciders: [
    [
      ["idada" as MemberId, "NAda"],
      ["idben" as MemberId, "NBen"],
    ],
  ],
  "call-expired": [WHY],
  refused: [WHY],
  "not-decided": [WHY],
  "rule-changed": [WHY],
  "change-denied": [WHY],
  "change-too-late": [WHY],
  "rule-stricter": [WHY],
  "rejected-here": [WHY],
  note: ["Nwords."],
  "decided-first": [WHY],
  "asked-queue-removed": ["NDeploys"],
  "nobody-to-ask": ["NDeploys", 4321],
  "nobody-to-practice": ["NDeploys"],
  "waiting-in-queue": [4321, "NDeploys"],
  "waiting-in-all": [4321],
  "call-too-large": [4321, 4322],
  "call-too-large-for-all": [4321, 4322, "NDeploys", 4323, 4324, true],
  "enclosure-too-large": [["why", "file"]],
  "no-such-tool": ["Nfiles"],
};
