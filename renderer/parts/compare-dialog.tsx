/** Eight words for the history at one entry, to be compared aloud with somebody whose voice one knows. */
import { useEffect, useState } from "react";
import type { Told } from "#bridge/told.ts";
import type { FingerprintView } from "#bridge/evidence.ts";
import { codeOf } from "../failure.ts";
import { request } from "../state/host.ts";
import { saidDone } from "../state/toasts.ts";
import { commonWords } from "../text/common.ts";
import { compareWords as words } from "../text/honesty.ts";
import { attempt } from "../state/action.ts";
import { Button, Problem, TextField } from "./basic.tsx";
import { Confirm, Dialog } from "./dialog.tsx";

interface Shown {
  readonly print: FingerprintView | null;
  readonly problem: Told | null;
}

/** The words at an entry, or of the newest one; the answer to an earlier question is dropped. */
const useFingerprint = (wid: string, at: number | null): Shown => {
  const [shown, setShown] = useState<Shown>({ print: null, problem: null });
  useEffect(() => {
    let current = true;
    setShown(({ print }) => ({ print: print?.at === at ? print : null, problem: null }));
    request("workspace.fingerprint", { wid, at }).then(
      (print) => current && setShown({ print, problem: null }),
      (error: unknown) => current && setShown({ print: null, problem: codeOf(error) }),
    );
    return () => {
      current = false;
    };
  }, [wid, at]);
  return shown;
};

export const CompareDialog = ({ wid, onClose }: { readonly wid: string; readonly onClose: () => void }) => {
  const [at, setAt] = useState<number | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const [asks, setAsks] = useState(false);
  const [newest, setNewest] = useState<number | null>(null);
  const { print, problem } = useFingerprint(wid, at);
  useEffect(() => {
    if (print !== null) setNewest(print.newest);
  }, [print]);
  const choose = (text: string) => {
    setTyped(text);
    const wanted = Number(text);
    if (newest !== null && Number.isSafeInteger(wanted) && wanted >= 1 && wanted <= newest) setAt(wanted);
  };
  const value = typed ?? String(print?.at ?? "");
  const wrong = newest !== null && typed !== null && Number(typed) !== at;
  const settle = (same: boolean) => request("workspace.compared", { wid, at: print?.at ?? 1, same });
  const ready = print !== null && !wrong;
  return (
    <Dialog open onClose={onClose} title={words.title} description={words.why}>
      <TextField
        label={words.at}
        value={value}
        onValue={choose}
        inputMode="numeric"
        help={newest === null ? undefined : words.newest(newest)}
        problem={wrong && newest !== null ? words.number(newest) : null}
      />
      <Problem error={problem} />
      {ready && (
        <ol className="spoken-words" aria-label={words.words(print.at)}>
          {print.words.map((word, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- a word may come twice, and its place is what it is
            <li key={index}>{word}</li>
          ))}
        </ol>
      )}
      {print === null && problem === null && (
        <p className="faint late" role="status">
          {words.working}
        </p>
      )}
      <div className="dialog-foot">
        <Button onClick={onClose}>{commonWords.cancel}</Button>
        <Button look="danger" disabled={!ready} onClick={() => setAsks(true)}>
          {words.differ}
        </Button>
        <Button
          look="primary"
          disabled={!ready}
          onClick={() =>
            attempt(async () => {
              await settle(true);
              saidDone(words.matched(print?.at ?? 0));
              onClose();
            })
          }
        >
          {words.match}
        </Button>
      </div>
      <Confirm
        open={asks}
        onClose={() => setAsks(false)}
        title={words.differTitle}
        verb={words.differVerb}
        work={() => settle(false).then(onClose)}
      >
        {words.differWhy}
      </Confirm>
    </Dialog>
  );
};
