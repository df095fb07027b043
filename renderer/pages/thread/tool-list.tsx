/** The tools behind `/`, as a list that the composer's keys move through. */
import { useEffect, useRef } from "react";
import type { QueueView } from "#bridge/policy.ts";
import { EffectChip } from "../../parts/effect.tsx";
import type { ToolChoice } from "../../state/tool-choice.ts";
import { composerWords as words } from "../../text/thread.ts";
import { sendWords } from "../../text/typed.ts";

interface ToolListProps {
  readonly choices: readonly ToolChoice[];
  /** The one that Enter opens, or null where it sends the text. */
  readonly active: number | null;
  readonly ready: number;
  readonly queues: readonly QueueView[];
  readonly onChoose: (choice: ToolChoice) => void;
}

export const ToolList = ({ choices, active, ready, queues, onChoose }: ToolListProps) => {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    // Newer browsers answer with a promise, which must not become this effect's clean-up.
    if (active !== null)
      void list.current?.querySelector(`#tool-choice-${active}`)?.scrollIntoView({ block: "nearest" });
  }, [active]);
  if (choices.length === 0)
    return (
      <p className="tool-list faint tool-none">
        {ready === 0 ? `${words.noTools} ${sendWords.enterSends}.` : sendWords.noMatch}
      </p>
    );
  const chosen = active === null ? undefined : choices[active];
  return (
    <div className="tool-list">
      <ul id="tool-list" role="listbox" tabIndex={0} aria-label={words.tools} ref={list}>
        {choices.map((choice, index) => (
          <li
            key={`${choice.server.id} ${choice.tool.name}`}
            id={`tool-choice-${index}`}
            role="option"
            aria-selected={index === active}
            className="tool-choice"
            // The press must not take the focus out of the composer.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onChoose(choice)}
          >
            <span className="mono tool-path">
              <span className="quiet">{choice.server.name}.</span>
              {choice.tool.name}
            </span>
            <span className="faint cut grow">{choice.tool.description}</span>
            <EffectChip effect={choice.tool.effect} queues={queues} />
          </li>
        ))}
      </ul>
      <p className="tool-keys faint" role="status">
        {[
          chosen === undefined ? sendWords.enterSends : sendWords.enterCalls(chosen.path),
          sendWords.arrows,
          sendWords.escape,
        ].join(" · ")}
      </p>
    </div>
  );
};
