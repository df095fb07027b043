/** Words of the roles: what each allows, and making one. */
import { allWords, countWords } from "./common.ts";
import { words } from "./words.ts";

export const roleWords = words("roles.roleWords", {
  tab: "Roles",
  list: "Roles",
  create: "New role",
  builtIn: "built in",
  rightCount: (n: number) => (n === 0 ? "no rights" : countWords(n, "right", "rights")),
  ownersToo: (n: number) => `and ${n} of its own`,
  ownersTitle: "An Owner alone",
  /** What the rules ask of the role itself, and of no right. */
  owners: ["Give and take the roles Owner and Admin", "Raise the format of the workspace", "Sign checkpoints"],
  adminsNot:
    "These are the rights of an Owner, too. Only an Owner gives and takes the roles Owner and Admin, raises the format of the workspace and signs checkpoints.",
  nobody: "Nobody has it now",
  holders: (names: readonly string[]) => `Held by ${allWords(names)}`,
  allows: (name: string) => `What ${name} allows`,
  none: "Nothing. Who has it reads the list of members.",
  change: "Change role",
  keeps:
    "A role cannot be deleted: the log keeps who held it and when. Change what it allows, or give its people another role.",
  details: "Details of the role",
} as const);

export const roleFormWords = words("roles.roleFormWords", {
  newTitle: "New role",
  newWhy: "Who has it may do what is checked, and nothing else.",
  changeTitle: (name: string) => `Change the role ${name}`,
  changeWhy: (names: readonly string[]) =>
    names.length === 0 ? "Nobody has it now." : `Takes effect at once for ${allWords(names)}.`,
  name: "Name of the role",
  nameNeeded: "Give the role a name.",
  rights: "What it allows",
  own: "This is your own role. A right that you take away from it here you cannot give back.",
  submit: "Define role",
  save: "Save role",
  defined: (name: string) => `The role ${name} was defined`,
  changed: (name: string) => `The role ${name} was changed`,
} as const);

/** Rights as people look for them. */
export const capabilityGroups: readonly { readonly title: string; readonly capabilities: readonly string[] }[] = words(
  "roles.capabilityGroups",
  [
    { title: "Threads", capabilities: ["threads.create"] },
    { title: "Tools", capabilities: ["tools.use", "tools.configure"] },
    { title: "Approvals", capabilities: ["approvals.decide", "policy.edit"] },
    { title: "People and roles", capabilities: ["members.invite", "members.assign", "members.remove"] },
    { title: "Audit and workspace", capabilities: ["audit.read", "audit.export", "workspace.configure"] },
  ],
);
