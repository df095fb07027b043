/**
 * What the host asks its person to confirm before it is signed: read here, shown in the popup window, answered there. One
 * is open at a time. A window that closes without an answer has said no.
 */
import { randomBytes } from "node:crypto";
import type { ActKind, AskedAct, ShownAct } from "#bridge/act.ts";
import { bodies } from "#core/protocol/command.ts";
import { BUILT_IN_ROLES } from "#core/rules/roles.ts";
import { refused } from "#bridge/refused.ts";

export interface ActName {
  readonly wid: string;
  readonly act: string;
}
/** What a click lets be signed, once: a command of that kind that says exactly this. */
export interface ClickedAct {
  readonly wid: string;
  readonly kind: ActKind;
  readonly says: string;
}
export interface Acts {
  /** Opens one; `said` resolves with what its person said. Throws `Refusal`. */
  ask(asked: AskedAct): { readonly name: ActName; readonly said: Promise<boolean> };
  shown(name: ActName): ShownAct | undefined;
  /** The click in its window. Answers what it lets be signed; works once. */
  answer(name: ActName, yes: boolean): ClickedAct | undefined;
  /** Its window is gone. */
  closed(name: ActName): void;
  /** Tells of one that nobody answered: it waited too long, or a later one ended it. */
  onOver(listener: (name: ActName) => void): void;
}
/** Runs `work` after `ms`, unless what it answers is called before. */
export type After = (ms: number, work: () => void) => () => void;

export const ACT_MS = 120_000;

/** What a body says, for the comparison of what was clicked with what is signed. From which role somebody comes is not part of it. */
export const actSays = (kind: ActKind, body: unknown): string | undefined => {
  if (kind === "workspace.level") {
    const parsed = bodies[kind](body);
    return parsed && JSON.stringify([parsed.from, parsed.to]);
  }
  if (kind === "member.role") {
    const parsed = bodies[kind](body);
    return parsed && roleSays(parsed.member, parsed.to);
  }
  const parsed = bodies[kind](body);
  return parsed && JSON.stringify([parsed.to, parsed.until]);
};
export const roleSays = (member: string, role: string): string => JSON.stringify([member, role]);

interface Read {
  readonly clicked: ClickedAct;
  readonly shown: ShownAct;
}
/** Throws `Refusal` for a body of another shape, and for one that names somebody without a name. */
export const readAct = ({ wid, workspace, kind, body, people, roles }: AskedAct): Read => {
  const says = actSays(kind, body);
  const shown = says === undefined ? undefined : shownOf(kind, body, workspace, { people, roles });
  if (says === undefined || shown === undefined) throw refused("bad-params", "act");
  return { clicked: { wid, kind, says }, shown };
};

const named = <T>(names: Readonly<Record<string, T>>, id: string | undefined): T | undefined =>
  id !== undefined && Object.hasOwn(names, id) ? names[id] : undefined;

const shownOf = (
  kind: ActKind,
  body: unknown,
  workspace: string,
  { people, roles }: Pick<AskedAct, "people" | "roles">,
): ShownAct | undefined => {
  if (kind === "workspace.level") {
    const parsed = bodies[kind](body);
    return parsed && { kind, workspace, from: parsed.from, to: parsed.to };
  }
  if (kind === "member.role") {
    const parsed = bodies[kind](body);
    const builtIn = BUILT_IN_ROLES.find(({ id }) => id === parsed?.to)?.name;
    const [member, role] = [named(people, parsed?.member), builtIn ?? named(roles, parsed?.to)];
    if (parsed === undefined || member === undefined || role === undefined) return undefined;
    return { kind, workspace, member, role, own: builtIn === undefined };
  }
  const parsed = bodies[kind](body);
  const member = named(people, parsed?.to);
  return parsed && member !== undefined ? { kind, workspace, member, until: parsed.until } : undefined;
};

interface Open extends Read, ActName {
  readonly settle: (yes: boolean) => void;
}

export const createActs = (after: After): Acts => {
  let open: Open | null = null;
  let over: (name: ActName) => void = () => undefined;
  const find = ({ wid, act }: ActName): Open | undefined =>
    open !== null && open.wid === wid && open.act === act ? open : undefined;
  /** Ends one without an answer. */
  const end = (ended: Open | null | undefined): void => {
    if (ended === null || ended === undefined) return;
    ended.settle(false);
    over({ wid: ended.wid, act: ended.act });
  };
  return {
    ask: (asked) => {
      const read = readAct(asked);
      end(open);
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const name = { wid: asked.wid, act: randomBytes(16).toString("base64url") };
      const inTime = after(ACT_MS, () => end(find(name)));
      open = {
        ...read,
        ...name,
        settle: (yes) => {
          inTime();
          open = null;
          resolve(yes);
        },
      };
      return { name, said: promise };
    },
    shown: (name) => find(name)?.shown,
    answer: (name, yes) => {
      const found = find(name);
      found?.settle(yes);
      return yes ? found?.clicked : undefined;
    },
    closed: (name) => find(name)?.settle(false),
    onOver: (listener) => (over = listener),
  };
};

export const afterMs: After = (ms, work) => {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
};
