import { told } from "#bridge/told.ts";
import type { PolicyArgs } from "#bridge/facts/policy.ts";
import type { SamplesOf } from "./samples-of.ts";

const missing = told("misfit", "Nwrite", "Nfiles", told("misfit.no-argument", "Npath", null));

export const policySamples: SamplesOf<PolicyArgs> = {
  "server-too-large": ["Nfiles", 4321, true, 4322, 4323],
  "policy-too-large": ["Nfiles", 4321, 4322, 4323, 4324],
  "too-many-listed": [4321, 4322],
  "undo-too-late": [["NAda", "NBen"]],
  "not-undoable": ["NDeploys"],
  "too-many-rules": [4321, 4322],
  "bad-rule": [told("not-active")],
  "server-has-no-tool": ["Nfiles", "Nwrite"],
  "rule-fits-none": [missing],
  "rule-fits-nothing": [true, 4321, missing],
  "rule-misses": [missing, true],
  "rule-misses-more": [4321],
  "rule-unchecked": [4321, ""],
  misfit: ["Nwrite", "Nfiles", told("misfit.no-argument", "Npath", "Nfile")],
  "misfit.no-argument": ["Npath", "Nfile"],
  "misfit.type": ["string", "Npath", "at-most"],
  "misfit.only": [["Na", "Nb"], true, "Npath"],
  "misfit.value": ["number", "Npath", "Nvalue"],
  "path-names-nothing": ["Npath"],
  "folder-unclear": ["Nnotes"],
  "amount-unclear": ["Nmuch"],
  "queue.asked": [4321],
};
