/** Beside the thread: what the next model request would hold, the run, the tools. */
import { useTopic } from "../../state/host.ts";
import { readyTools } from "../../state/tool-choice.ts";
import { goTo } from "../../state/route.ts";
import { contextWords as words, threadWords } from "../../text/thread.ts";
import { durationWords, numberWords } from "../../text/common.ts";
import { useNow } from "../../state/clock.ts";
import type { ThreadView } from "#bridge/thread.ts";
import { factWords } from "../../text/facts.ts";

export const ContextPanel = ({ wid, thread }: { readonly wid: string; readonly thread: string }) => {
  const view = useTopic("thread", thread);
  const tools = useTopic("tools", wid);
  if (view === undefined) return null;
  return (
    <div className="panel-body">
      <section className="stack tight">
        <h2 className="panel-title">{words.title}</h2>
        {view.model === null ? <p className="faint">{words.none}</p> : <ContextList view={view} />}
      </section>
      <section className="stack tight">
        <h2 className="panel-title">{words.run}</h2>
        {view.run === null ? (
          <p className="faint">{words.noRun}</p>
        ) : (
          <>
            <p>
              {threadWords[view.run.state](view.run.step)} <Since at={view.run.since} />
            </p>
            {view.run.note !== undefined && <p className="quiet">{factWords(view.run.note)}</p>}
          </>
        )}
      </section>
      <section className="stack tight">
        <h2 className="panel-title">{words.tools}</h2>
        <button type="button" className="link" onClick={() => goTo({ page: "tools" })}>
          {words.ready(readyTools(tools).length)}
        </button>
      </section>
    </div>
  );
};

/** In seconds, as the clock of the screen moves: a first one that says 0 would stand still. */
const Since = ({ at }: { readonly at: number }) => {
  const past = useNow() - at;
  return past < 1_000 ? null : <span className="faint number">{durationWords(past)}</span>;
};

const ContextList = ({ view }: { readonly view: ThreadView }) => {
  const most = Math.max(1, ...view.context.map((item) => item.tokens));
  return (
    <>
      <p className="context-sum number">
        {words.items(view.context.length)}, {numberWords(view.tokens.context)} {words.tokens}
      </p>
      {view.context.length === 0 ? (
        <p className="faint">{words.empty}</p>
      ) : (
        <ul className="context-list">
          {view.context.map((item, index) => (
            <li key={index}>
              <details>
                <summary>
                  <span className="cut grow">{item.label}</span>
                  <span className="faint number">{numberWords(item.tokens)}</span>
                  <meter
                    className="context-meter"
                    min={0}
                    max={most}
                    value={item.tokens}
                    aria-label={`${item.label}: ${item.tokens} ${words.tokens}`}
                  />
                </summary>
                <p className="faint context-detail">{item.detail}</p>
              </details>
            </li>
          ))}
        </ul>
      )}
      <p className="faint number">
        {words.spent}: {numberWords(view.tokens.spentIn)} {words.spentIn}, {numberWords(view.tokens.spentOut)}{" "}
        {words.spentOut}
      </p>
      <p className="faint">{words.estimate}</p>
    </>
  );
};
