/** Saving the audit as a file, piece by piece, with a way to stop. */
import { useEffect, useRef, useState } from "react";
import type { AuditView } from "#bridge/audit.ts";
import { Button, Field, Pick, Problem } from "../../parts/basic.tsx";
import { Boundary } from "../../parts/boundary.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { saveFile } from "../../state/save-file.ts";
import { exportWords as words } from "../../text/audit.ts";
import { commonWords } from "../../text/common.ts";

type Format = "jsonl" | "csv";
const TYPES: Record<Format, string> = { jsonl: "application/jsonl", csv: "text/csv" };

interface Progress {
  readonly done: number;
  readonly of: number;
}

export const ExportDialog = ({ audit, onClose }: { readonly audit: AuditView; readonly onClose: () => void }) => {
  const [format, setFormat] = useState<Format>("jsonl");
  const [progress, setProgress] = useState<Progress | null>(null);
  const [saved, setSaved] = useState<{ readonly file: string; readonly rows: number } | null>(null);
  const { busy, problem, run, clear } = useAction("inline");
  const stopped = useRef(false);
  // A dialog that was closed saves nothing.
  useEffect(
    () => () => {
      stopped.current = true;
    },
    [],
  );
  const save = async () => {
    stopped.current = false;
    const { export: id, rows, file } = await request("audit.exportStart", { wid: audit.wid, format });
    const pieces: string[] = [];
    for (let done = 0; ;) {
      if (stopped.current) return setProgress(null);
      setProgress({ done: Math.min(done, rows), of: rows });
      const piece = await request("audit.exportNext", { wid: audit.wid, export: id });
      pieces.push(piece.text);
      done += piece.rows;
      if (piece.done) break;
    }
    setProgress(null);
    if (stopped.current) return;
    saveFile(file, pieces, TYPES[format]);
    setSaved({ file, rows });
  };
  return (
    <Dialog open onClose={onClose} title={words.title} description={words.why}>
      {saved === null ? (
        <>
          <Boundary side="leaves" text={words.leaves} />
          <p className="faint">{words.inIt}</p>
          <Field label={words.format}>
            {(wiring) => (
              <Pick
                wiring={wiring}
                value={format}
                disabled={busy}
                onPick={(next) => {
                  setFormat(next === "csv" ? "csv" : "jsonl");
                  clear();
                }}
                options={words.formats}
              />
            )}
          </Field>
          {progress !== null && (
            <p className="faint number" role="status">
              {words.writing(progress.done, progress.of)}
            </p>
          )}
          <Problem error={problem} />
          <div className="dialog-foot">
            <Button onClick={() => (busy ? (stopped.current = true) : onClose())}>
              {busy ? words.stop : commonWords.cancel}
            </Button>
            <Button look="primary" busy={busy} onClick={() => void run(save)}>
              {words.save}
            </Button>
          </div>
        </>
      ) : (
        <>
          <p role="status">{words.saved(saved.file, saved.rows)}</p>
          <p className="mono-small">{words.verify(saved.file)}</p>
          <div className="dialog-foot">
            <Button look="primary" onClick={onClose}>
              {words.done}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
};
