import type { ModelsArgs } from "#bridge/facts/models.ts";
import { told } from "#bridge/told.ts";
import type { SamplesOf } from "./samples-of.ts";

export const modelsSamples: SamplesOf<ModelsArgs> = {
  "model-key-unreadable": ["NLlama"],
  "model-elsewhere": ["NLlama", "Nhost"],
  "model-slow": ["NLlama", "Nhost", 0],
  "model-flood": ["NLlama"],
  "model-garbage": ["Nhost", "Nno."],
  "model-redirect": ["Nhost", "Nthere"],
  "model-down": ["status", "Nhost", 4321, "Nno."],
  "model-declined": ["NLlama"],
  "model-refused": ["Nhost", 4321, "Nno."],
  "model-too-long": ["NLlama", "Nno."],
  "model-too-large": ["Nhost", "Nno."],
  "model-cut": ["text", "NLlama"],
  "model-tools": ["NLlama", "Nno."],
  "model-quota": ["NLlama", "Nhost", "Nno."],
  "model-unpaid": ["Nhost", "Nno."],
  "model-keyless": ["NLlama", "Nhost", "Nno."],
  "model-auth": ["NLlama", "Nhost", "Nno."],
  "model-rate-limited": ["Nhost", null, "Nno."],
  "model-missing": ["Nhost", "Nno."],
  "model-unreached": [told("not-active"), "unsent"],
  "model-failed": ["Nhost", "Nno."],
  "model-again": [true, 0],
};
