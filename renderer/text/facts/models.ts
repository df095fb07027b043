import type { Down, ModelsArgs } from "#bridge/facts/models.ts";
import type { Language } from "../language.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

const quoted = (said: string): string => (said === "" ? "" : ` It said: “${said}”`);
/** Rounded up: whoever waits for less comes too early. */
const waiting = ({ count }: Language, ms: number): string => {
  const seconds = Math.max(1, Math.ceil(ms / 1_000));
  return seconds < 120 ? count(seconds, "second", "seconds") : count(Math.ceil(seconds / 60), "minute", "minutes");
};
const DOWN: Readonly<Record<Down, (language: Language, host: string, status: number, said: string) => string>> = {
  "broke-off": (_, host) => `The connection to ${host} broke in the middle of the answer. Try again.`,
  "hung-up": (_, host) => `${host} closed the connection before the first word of an answer. Try again.`,
  ended: (_, host, __, said) => `${host} ended the answer with an error: “${said}”. Try again.`,
  unnamed: (_, host) => `${host} reported an error in the middle of its answer, and not which. Try again.`,
  midway: (_, host, __, said) => `${host} failed while it answered. Try again, or choose another model.${quoted(said)}`,
  status: ({ number }, host, status, said) =>
    `${host} failed with error ${number(status)}. It is their side; try again in a while.${quoted(said)}`,
};
const CUT: Readonly<Record<ModelsArgs["model-cut"][0], (name: string) => string>> = {
  text: (name) => `This answer was cut at the output limit of ${name}. Write “go on” to have the rest.`,
  call: (name) =>
    `${name} reached its output limit in the middle of a call, so the call was not made. Ask for it in smaller pieces.`,
  thoughts: (name) =>
    `${name} used up its output while thinking, so there is no answer. Try again, or ask for less at once.`,
  nothing: (name) =>
    `${name} reached its output limit before the first word. Try again; if it stays, its endpoint allows too little output.`,
};
const LOCAL: Readonly<Record<ModelsArgs["model-unreached"][1], string>> = {
  start: " If it is a local model, start it.",
  loading: " If it is a local model, see whether it is still loading.",
  other: "",
  unsent: " Nothing was sent.",
};

export const modelsWords: SentencesOf<ModelsArgs> = words("facts/models.modelsWords", {
  "no-such-model": () => "This model was removed. Choose another one in Settings.",
  "model-key-unreadable": (_, name) =>
    `The key of ${name} could not be read from the keychain. Add the model again with its key.`,
  "model-key-unkept": () => "The key could not be kept safely, so the model was not added. Try again.",
  "model-key-missing": () => "This provider needs a key. Paste it and try again.",
  "model-elsewhere": (_, name, host) => `${name} is asked at ${host}, and that is not this computer.`,
  "model-url-missing": () => "Give the address of the endpoint, for example https://models.example.com/v1.",
  "model-url-scheme": () => "The address must start with https:// or http://.",
  "model-url-key": () => "Put the key in its own field, not in the address: addresses are shown on screen.",
  "model-url-query": () => "The address must not hold “?” or “#”.",
  "model-slow": (language, name, host, ms) =>
    `${name} at ${host} has not answered for ${waiting(language, ms)}. Try again; if it is a local model, see whether it is still loading.`,
  "model-flood": (_, name) =>
    `${name} sent far more than an answer can hold, so it was cut off. Choose another model, or try again.`,
  "model-garbage": (_, host, said) =>
    `${host} answered with something that is no model's answer. Check that the address is that of a model endpoint, and its kind.${quoted(said)}`,
  "model-redirect": (_, host, where) =>
    `${host} answers with a redirect${where === "" ? "" : ` to ${where}`}. It was not followed, since text goes only where you were told. If the model is there, give it that address in Settings.`,
  "model-down": (language, how, host, status, said) => DOWN[how](language, host, status, said),
  "model-declined": (_, name) =>
    `${name} declined to answer this, by its provider's rules. Say it differently, or choose another model.`,
  "model-refused": ({ number }, host, status, said) =>
    status === 403
      ? `${host} refuses this request (error ${number(status)}).${quoted(said) || " It does not say why: the key, the country or a filter in front of it may be the reason."}`
      : `${host} refused the request with error ${number(status)}.${quoted(said)}`,
  "model-too-long": (_, name, said) =>
    `This thread is longer than ${name} can read. Begin a new thread, or choose a model that reads more.${quoted(said)}`,
  "model-too-large": (_, host, said) =>
    `${host} refused the request because it is too large (error 413). Begin a new thread, or choose a model that takes more.${quoted(said)}`,
  "model-cut": (_, got, name) => CUT[got](name),
  "model-tools": (_, name, said) =>
    `${name} takes fewer tools than this workspace offers it, so it was not asked. Choose another model, or turn tools off.${quoted(said)}`,
  "model-quota": (_, name, host, said) =>
    `The account behind the key of ${name} may spend no more at ${host}, so it does not answer. Look at its plan or balance there, or choose another model.${quoted(said)}`,
  "model-unpaid": (_, host, said) => `${host} wants to be paid before it answers.${quoted(said)}`,
  "model-keyless": (_, name, host, said) =>
    `${host} asks for a key, and ${name} has none. Add the model again with one.${quoted(said)}`,
  "model-auth": (_, name, host, said) =>
    `${host} does not accept the key of ${name}. Add the model again with a key that works.${quoted(said)}`,
  "model-rate-limited": (language, host, after, said) =>
    `${host} is taking no more requests right now${after === null ? "" : `; it asks to wait ${waiting(language, after)}`}. Try again then.${quoted(said)}`,
  "model-missing": (_, host, said) =>
    `${host} has no model of this name, or no model endpoint at this address. Check both in Settings.${quoted(said)}`,
  "model-unreached": ({ say }, way, local) => `${say(way)}${LOCAL[local]}`,
  "model-failed": (_, host, said) =>
    `The request to ${host} failed, and Bulkhead does not know this failure. Check its address and port in Settings, then try again.${quoted(said)}`,
  "model-again": (language, busy, ms) =>
    `${busy ? "The model's provider takes no more requests right now." : "The model's provider failed."} Trying again in ${waiting(language, ms)}.`,
});
