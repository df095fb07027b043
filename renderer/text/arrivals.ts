/** Words about people who wait for the role that their invite promised: for whoever may give it, and for themselves. */
import { anyWords, countWords } from "./common.ts";
import { words } from "./words.ts";

const NAMED = 3;
/** Any of these people, without the whole list where it is long. */
const anyOf = (names: readonly string[]): string => {
  if (names.length === 0) return "an Owner";
  const shown =
    names.length > NAMED
      ? [...names.slice(0, NAMED - 1), countWords(names.length - NAMED + 1, "other", "others")]
      : names;
  return anyWords(shown);
};

export const arrivalWords = words("arrivals.arrivalWords", {
  group: "To let in",
  title: (name: string, role: string) => `${name} waits to become ${role}`,
  waitsFor: (role: string) => `waits to become ${role}`,
  person: "Person",
  came: "Came",
  joined: {
    mine: "Joined with your invite",
    of: (by: string) => `Joined with the invite of ${by}`,
    unknown: "Joined with an invite",
  },
  back: {
    mine: "Came back with your invite; older devices are closed",
    of: (by: string) => `Came back with the invite of ${by}; older devices are closed`,
    unknown: "Came back with an invite; older devices are closed",
  },
  why: (name: string, role: string) =>
    `Whoever had the link could use it, so a link alone gives no role above Member. ${name} is a Guest until somebody gives the role ${role} or refuses it. Be sure that it is them.`,
  allows: (role: string) => `What ${role} may do`,
  nothing: "Nothing yet.",
  give: (role: string) => `Give the role ${role}`,
  refuse: "Refuse",
  open: "Review and decide",
  cannot: "You cannot answer this",
  whoCan: (names: readonly string[]) => `It can be answered by ${anyOf(names)}.`,
  gave: (by: string, name: string, role: string) => `${by} gave ${name} the role ${role}`,
  refused: (by: string, name: string, role: string) => `${by} refused ${name} the role ${role}`,
  youGave: (name: string, role: string) => `You gave ${name} the role ${role}`,
  youRefused: (name: string, role: string) => `You refused ${name} the role ${role}`,
  stays: "Who is refused stays a Guest, and is told by whom.",
} as const);

/** To the person who waits. */
export const ownPromiseWords = words("arrivals.ownPromiseWords", {
  waits: (role: string, names: readonly string[]) =>
    `You are a Guest until ${anyOf(names)} gives you the role ${role}.`,
  waitsWhy: "They were told. This changes by itself, and until then you can read what a Guest reads.",
  status: (role: string, names: readonly string[]) => `Guest until ${anyOf(names)} gives the role ${role}`,
  gave: (by: string, role: string) => `${by} gave you the role ${role}`,
  refused: (by: string, role: string) => `${by} refused you the role ${role}. You stay a Guest.`,
  refusedWhy: "Ask them why. They can still give you a role on the Team page.",
  before: (inviter: string, role: string) =>
    `You join as Guest. ${inviter}, or somebody else who may, then gives you the role ${role}.`,
  beforeBack: (inviter: string, role: string) =>
    `You come back as Guest. ${inviter}, or somebody else who may, then gives you the role ${role} again.`,
} as const);

/** Beside an invite above Member, before there is a link and in the list. */
export const promiseWords = words("arrivals.promiseWords", {
  before: (role: string) =>
    `A link can be passed on, so whoever uses it joins as Guest. You, or somebody else who may give the role ${role}, then get a card: give it or refuse it.`,
  usedBy: (name: string) => `used by ${name}`,
  usedWaits: (name: string, role: string) => `used by ${name}, who waits to become ${role}`,
} as const);
