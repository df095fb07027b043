/** This app is too old for its workspace: what happened, what still works, and until which day (LV5). */
import type { StatusView } from "#bridge/workspace.ts";
import { useNow } from "../state/clock.ts";
import { clockWords, commonWords } from "../text/common.ts";
import { tooOldWords as words } from "../text/levels.ts";
import { Button } from "./basic.tsx";
import { Dialog } from "./dialog.tsx";

export const TooOldDialog = ({
  status: { toolsUntil },
  onClose,
}: {
  readonly status: StatusView;
  readonly onClose: () => void;
}) => {
  const now = useNow();
  return (
    <Dialog open onClose={onClose} title={words.title} description={words.happened}>
      <ul className="points">
        {words.works.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
      <p>{words.stopped}</p>
      {toolsUntil !== undefined && <p>{toolsUntil > now ? words.until(clockWords(toolsUntil, now)) : words.over}</p>}
      <div className="dialog-foot">
        <Button onClick={onClose}>{commonWords.close}</Button>
      </div>
    </Dialog>
  );
};
