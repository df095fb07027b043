/**
 * What approvers are given to read beside the arguments of a call. What a person typed for them goes always; of anything
 * else nothing goes unless this person chose it in Settings (`gate/WHY.md`).
 */
import { WHY_MAX } from "#bridge/card.ts";
import type { MessageView } from "#bridge/thread.ts";
import type { Enclose } from "../gate/asking.ts";
import type { PresentText } from "../seams.ts";
import type { MessageStore } from "../store/messages.ts";
import type { RunStore } from "../store/runs.ts";
import type { SettingsStore } from "../store/settings.ts";

export interface EncloseParts {
  readonly runs: Pick<RunStore, "get" | "call">;
  readonly messages: Pick<MessageStore, "ofCall" | "view" | "page">;
  readonly settings: Pick<SettingsStore, "get">;
  readonly presentText: PresentText;
}

const PAGE = 50;
const CUT = " …";

export const createEnclose = ({ runs, messages, settings, presentText }: EncloseParts): Enclose => {
  /** The last words of the person before the call: what they write while it waits is about something else. */
  const lastWords = (thread: string, call: string): string | null => {
    const message = messages.ofCall(call);
    let before = message === null ? null : (messages.view(message)?.seq ?? null);
    if (before === null) return null;
    while (before > 1) {
      const page: readonly MessageView[] = messages.page(thread, before, PAGE);
      const found = page.findLast((each) => each.from === "person" && textOf(each) !== "");
      if (found !== undefined) return cut(textOf(found));
      before = page[0]?.seq ?? 1;
    }
    return null;
  };

  return async (call) => {
    const choice = settings.get().enclose;
    const row = runs.call(call.id);
    const byAgent = row !== null && runs.get(row.run)?.kind === "agent";
    const why = byAgent ? (choice === "nothing" ? null : lastWords(call.thread, call.id)) : (row?.why ?? null);
    const present = choice === "message-and-file" ? await presentText(call) : null;
    return { why, before: present?.withinLaunch === true ? present.before : null };
  };
};

const textOf = (message: MessageView): string =>
  message.parts
    .flatMap((part) => (part.kind === "text" ? [part.text] : []))
    .join("\n")
    .trim();

/** At most `WHY_MAX` with the mark, and no half of a character. */
const cut = (text: string): string => {
  if (text.length <= WHY_MAX) return text;
  const head = text.slice(0, WHY_MAX - CUT.length);
  return `${head.isWellFormed() ? head : head.slice(0, -1)}${CUT}`;
};
