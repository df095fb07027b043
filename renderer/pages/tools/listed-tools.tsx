/** The tools that a server listed before it is added, and what each will get: one by one, or all at once. */
import { ChevronRight } from "lucide-react";
import type { Effect } from "#bridge/policy.ts";
import type { ToolView, ToolsView } from "#bridge/tool.ts";
import { Note } from "../../parts/basic.tsx";
import { addServerWords as words } from "../../text/tools.ts";
import { EffectPick } from "./effect-pick.tsx";
import { effectValue } from "./rule-draft.ts";
import { ToolHints } from "./server-section.tsx";

interface ListedToolsProps {
  readonly tools: ToolsView;
  readonly listed: readonly ToolView[];
  /** Why tools are left out, one sentence each. */
  readonly left: readonly string[];
  readonly effects: Record<string, Effect>;
  readonly onEffects: (effects: Record<string, Effect>) => void;
}

export const ListedTools = ({ tools, listed, left, effects, onEffects }: ListedToolsProps) => {
  const all = listed.map((tool) => effects[tool.name] ?? tool.effect);
  const [first] = all;
  const same = first !== undefined && all.every((effect) => effectValue(effect) === effectValue(first));
  return (
    <div className="stack tight">
      {left.length > 0 && (
        <Note tone="waiting">
          <details className="rule-fold">
            <summary>
              <ChevronRight className="icon small" aria-hidden />
              {words.left(left.length)}
            </summary>
            <ul className="points">
              {left.map((why) => (
                <li key={why}>{why}</li>
              ))}
            </ul>
          </details>
        </Note>
      )}
      {listed.length === 0 ? (
        <Note>{words.none}</Note>
      ) : (
        <>
          <div className="row wrap">
            <span className="field-label strong grow">{words.tools}</span>
            <span className="faint">{words.all(listed.length)}</span>
            <EffectPick
              tool=""
              name={words.allOf}
              effect={same ? first : null}
              empty={words.allMixed}
              queues={tools.queues}
              onPick={(effect) => onEffects(Object.fromEntries(listed.map((tool) => [tool.name, effect])))}
            />
          </div>
          <ul className="tool-rows framed">
            {listed.map((tool) => (
              <ListedTool
                key={tool.name}
                tools={tools}
                tool={tool}
                effect={effects[tool.name] ?? tool.effect}
                onPick={(effect) => onEffects({ ...effects, [tool.name]: effect })}
              />
            ))}
          </ul>
        </>
      )}
    </div>
  );
};

interface ListedToolProps {
  readonly tools: ToolsView;
  readonly tool: ToolView;
  readonly effect: Effect;
  readonly onPick: (effect: Effect) => void;
}

/** Its description opens before it is allowed: the model will read every word of it. */
const ListedTool = ({ tools, tool, effect, onPick }: ListedToolProps) => (
  <li className="tool-row">
    <div className="grow">
      <div className="row wrap">
        <span className="mono strong">{tool.name}</span>
        <ToolHints tool={tool} />
      </div>
      {tool.description !== "" && (
        <details className="tool-more">
          <summary className="faint">
            <span className="clamp">{tool.description}</span>
          </summary>
          <p className="quiet">{tool.description}</p>
        </details>
      )}
    </div>
    <EffectPick tool={tool.name} effect={effect} queues={tools.queues} onPick={onPick} />
  </li>
);
