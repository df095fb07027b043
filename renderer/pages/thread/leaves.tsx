/** Where the text of this thread goes, before it goes there. */
import type { ThreadView } from "#bridge/thread.ts";
import { Boundary, PrivateBoundary } from "../../parts/boundary.tsx";
import { useTopic } from "../../state/host.ts";
import { goTo } from "../../state/route.ts";
import { placeWords } from "../../text/places.ts";
import { composerWords as words } from "../../text/thread.ts";
import { numberWords } from "../../text/common.ts";

/** What is not known to run here is said to go elsewhere: the mark must never promise too much. */
export const Leaves = ({ view }: { readonly view: ThreadView }) => {
  const { model, context, tokens } = view;
  if (model === null) return <PrivateBoundary />;
  const { place } = model;
  const why = placeWords.why(place);
  return (
    <Boundary
      side={place.kind === "here" ? "private" : "leaves"}
      text={placeWords.mark(place)}
      detail={
        <div className="stack tight">
          {why !== "" && <p>{why}</p>}
          <p>{place.kind === "host" || place.kind === "through" ? words.whatLeaves : placeWords.whatGoes}</p>
          <ul className="leaves-list">
            <li>{words.yourMessage}</li>
            {context.map((item, index) => (
              <li key={index} className="row">
                <span className="grow cut">{item.label}</span>
                <span className="faint number">{numberWords(item.tokens)}</span>
              </li>
            ))}
          </ul>
          <p className="faint">{words.context(context.length, tokens.context)}</p>
        </div>
      }
    />
  );
};

/** Why nothing can be sent, and what to do about it. */
export const NoModelHint = ({ view }: { readonly view: ThreadView }) => {
  const some = (useTopic("models")?.models.length ?? 0) > 0;
  if (view.model !== null) return null;
  if (view.mustChoose && some)
    return <p className="faint composer-hint">{view.messages > 0 ? words.modelGone : words.noneChosen}</p>;
  return (
    <p className="faint composer-hint">
      {words.noModel}{" "}
      <button type="button" className="link" onClick={() => goTo({ page: "settings" })}>
        {words.connect}
      </button>
    </p>
  );
};
