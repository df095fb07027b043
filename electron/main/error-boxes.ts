/** What the system's own boxes say where there is no window: nothing could be opened, or the app runs already. */
import { toldOf } from "#bridge/refused.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { factWords } from "#text/facts.ts";
import { desktopWords } from "#text/shells.ts";
import { causeOf } from "../shell/cause.ts";
import type { ElectronApi } from "./electron-api.ts";

type Boxes = Pick<ElectronApi, "dialog">;

/** The browser shell has this data folder. */
export const sayItRuns = ({ dialog }: Boxes): void => dialog.showErrorBox(desktopWords.runsTitle, desktopWords.runs);

export const sayNotStarted = ({ dialog }: Boxes, error: unknown): void =>
  dialog.showErrorBox(
    desktopWords.notStarted,
    factWords(error instanceof Refusal ? toldOf(error) : causeOf(error, "start")),
  );
