/** What is said of tool servers and their tools: codes and their arguments. */
import type { Told } from "../told.ts";

/** Why a text is no JSON that means one thing. */
export type JsonMistake = "syntax" | "digits" | "broken";
/** What a field of a pasted server must be. */
export type Wanted = "server" | "text" | "texts" | "names-and-texts";
/** Why arguments cannot be read. Beside it stands the field, the number or the size that it is about. */
export type ArgsMistake = JsonMistake | "twice" | "deep" | "large" | "no-object";
/** What arguments do otherwise than their tool says: beside it the name, the kind, or what the validator says. */
export type Misfit = "unknown-field" | "missing-field" | "kind" | "other";

/** What people paste to add a server. */
interface ConfigArgs {
  /** What only a shell understands. */
  "config-shell-syntax": readonly [char: string];
  "config-many-lines": readonly [];
  "config-unclosed-quote": readonly [quote: string];
  /** `near`: the text at the mistake, or nothing. */
  "config-not-json": readonly [mistake: JsonMistake, line: number, near: string];
  "config-duplicate-key": readonly [line: number, near: string];
  "config-too-deep": readonly [line: number, near: string];
  "config-root-type": readonly [];
  "config-list-type": readonly [key: string];
  "config-header-type": readonly [header: string];
  "config-wrong-type": readonly [server: string, field: string, wanted: Wanted];
  "config-bad-name": readonly [];
  "config-duplicate-name": readonly [];
  "config-ambiguous": readonly [server: string];
  "config-env-name": readonly [server: string];
  "config-env-value": readonly [name: string, server: string];
  "config-value-long": readonly [name: string, server: string];
  "config-part-long": readonly [];
  "config-too-long": readonly [server: string];
  "config-too-large": readonly [];
  "config-too-many": readonly [max: number];
  "config-no-server": readonly [ignored: readonly Told[]];
  "config-no-command": readonly [];
  "config-empty": readonly [];
  "config-launch": readonly [server: string, problem: Told];
  /** What was in the text and is not used. An empty server: beside all of them. */
  "ignored.field": readonly [server: string, field: string];
  "ignored.header": readonly [server: string, header: string];
  "ignored.placeholder": readonly [server: string, name: string];
  "ignored.transport": readonly [server: string, kind: string];
}

/** Where something stood, in the middle of a sentence. */
interface PlaceArgs {
  "place.command": readonly [];
  "place.argument": readonly [number: number];
  "place.address": readonly [];
  "place.in-address": readonly [name: string];
  "place.header": readonly [name: string];
  "place.flag": readonly [flag: string];
  "place.label": readonly [];
  "place.value": readonly [name: string];
}

/** What a launch must be. */
interface LaunchArgs {
  "launch-url-invalid": readonly [];
  "launch-url-secret": readonly [];
  "launch-url-insecure": readonly [];
  "launch-url-unseen": readonly [];
  "launch-header-invalid": readonly [];
  "launch-header-own": readonly [];
  "launch-header-value": readonly [];
  "launch-header-twice": readonly [];
  "launch-env-invalid": readonly [];
  "launch-env-twice": readonly [];
  "launch-template": readonly [];
  "launch-empty": readonly [];
  "launch-unseen": readonly [];
  "launch-secret": readonly [places: readonly Told[]];
}

/** A server of the team on this computer. */
interface ServerArgs {
  "tool-needs-review": readonly [];
  "tool-server-gone": readonly [];
  "tool-secret-unreadable": readonly [];
  "tool-value-unknown": readonly [];
  "tool-value-invalid": readonly [];
  "tool-value-unsendable": readonly [];
  "tool-value-missing": readonly [names: readonly string[]];
  "tool-command-missing": readonly [program: string];
  "tool-command-refused": readonly [program: string];
  "tool-command-long": readonly [];
  /** `why`: a code of the system's, or nothing. */
  "tool-command-failed": readonly [program: string, why: string];
  "tool-starting-slow": readonly [seconds: number];
  "tool-starting-downloads": readonly [program: string, minutes: number];
  "tool-start-timeout": readonly [seconds: number];
  "tool-server-crash-loop": readonly [why: Told, times: number];
  "tool-server-given-up": readonly [why: Told, times: number];
  "tool-server-stopped": readonly [];
  "tool-server-ended": readonly [];
  "tool-server-exited": readonly [code: number];
  "tool-server-killed": readonly [signal: string];
  "tool-server-flooded": readonly [];
  /** `why`: what is known of the way there. */
  "tool-server-unreachable": readonly [why: Told | null];
  "tool-server-forgot": readonly [];
  "tool-server-auth": readonly [status: number];
  "tool-server-missing": readonly [];
  "tool-server-refused": readonly [status: number];
  "tool-output-too-large": readonly [];
  "tool-answer-too-large": readonly [mb: number];
  "tool-answer-invalid": readonly [];
  "tool-connection-forgotten": readonly [];
  "tool-timeout": readonly [];
  /** In the server's own words, without what is secret. */
  "tool-protocol-error": readonly [said: string];
  "tool-probe-busy": readonly [];
  /** `more`: no more were counted. */
  "tool-too-many": readonly [count: number, more: boolean, max: number];
  "tool-unknown": readonly [];
  "tool-server-changed": readonly [];
  "tool-said-otherwise": readonly [];
  "tool.suggested": readonly [];
  "list-unread": readonly [why: Told];
  "message-unread": readonly [bytes: number];
}

/** A tool that is left out, by its place in the server's list and by its name, where that can be shown. */
interface LeftArgs {
  "left.shape": readonly [place: number, name: string];
  "left.unseen": readonly [place: number, name: string];
  "left.large": readonly [place: number, name: string, kb: number];
  "left.twice": readonly [place: number, name: string];
  "left.many": readonly [place: number, name: string, max: number];
  "left.together": readonly [place: number, name: string, mb: number];
}

/** One call. */
interface CallArgs {
  "tool-args-invalid": readonly [mistake: ArgsMistake, about: string];
  /** `at`: names that lead to the place, joined by dots; nothing for the whole. */
  "tool-args-misfit": readonly [at: string, misfit: Misfit, what: string];
  "tool-server-removed": readonly [];
  "tool-server-down": readonly [server: string];
  "tool-launch-changed": readonly [server: string];
  "tool-definition-changed": readonly [tool: string];
  "tool-rate-limited": readonly [server: string, times: number, seconds: number];
  "tool-not-started": readonly [];
  "tool-not-taken": readonly [];
  "tool-not-greeted": readonly [];
  "tool-canceled": readonly [];
  /** The way it failed leaves open whether the call had begun. */
  "tool-may-have-run": readonly [why: Told];
  "tool-did-not-run": readonly [why: Told];
  "tool-ran-unread": readonly [why: Told];
  /** The tool's own words are the result. */
  "tool-error": readonly [];
}

export interface ToolsArgs extends ConfigArgs, PlaceArgs, LaunchArgs, ServerArgs, LeftArgs, CallArgs {}
