/** One act, whole: device, place in the log, hashes, and exactly what was signed. */
import { useEffect, useState } from "react";
import { visibleName } from "#bridge/plain-text.ts";
import type { AuditEntryView, AuditRowView } from "#bridge/audit.ts";
import { Problem } from "../../parts/basic.tsx";
import { CopyButton } from "../../parts/copy-button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Facts } from "../../parts/facts.tsx";
import { useAction } from "../../state/action.ts";
import { request, useTopic } from "../../state/host.ts";
import { useQueueName } from "../../state/queue-name.ts";
import { auditActWords as words, chipOf, documentWords } from "../../text/audit.ts";
import { commonWords } from "../../text/common.ts";
import { deviceName } from "../team/device-name.ts";
import { resultWords, rowActWords, rowRuleWords, rowVotesWords } from "../../text/facts.ts";

/** As its person reads it in the list of members. */
const useDeviceName = (wid: string): ((device: string, who: string) => string) => {
  const members = useTopic("team", wid)?.members ?? [];
  return (device, who) => {
    for (const { devices, name } of members) {
      const at = devices.findIndex(({ id }) => id === device);
      const found = devices[at];
      if (found !== undefined) return words.deviceOf(visibleName(name), deviceName(found, at + 1));
    }
    return words.unknownDevice(who);
  };
};

export const ActDialog = ({
  wid,
  row,
  onClose,
}: {
  readonly wid: string;
  readonly row: AuditRowView;
  readonly onClose: () => void;
}) => {
  const [entry, setEntry] = useState<AuditEntryView | null>(null);
  const { problem, run } = useAction("inline");
  const queueName = useQueueName(wid);
  const deviceOf = useDeviceName(wid);
  useEffect(() => {
    void run(async () => setEntry(await request("audit.entry", { wid, doc: row.doc, seq: row.seq })));
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [wid, row.doc, row.seq]);
  const said: [string, string][] = [
    [words.when, commonWords.exactTime(row.at)],
    [words.who, words.asRole(row.who, row.role)],
    [words.what, rowActWords(row)],
    [words.rule, rowRuleWords(row)],
    [words.votes, rowVotesWords(row)],
    [words.result, chipOf(row)?.word ?? resultWords(row.result)],
    [words.place, words.placeOf(documentWords(row.doc, queueName), row.seq)],
  ];
  return (
    <Dialog open wide onClose={onClose} title={words.title}>
      <Facts
        facts={[
          ...said.filter(([, value]) => value !== ""),
          ...(entry === null ? [] : [[words.position, words.positionOf(entry.position)] as const]),
        ]}
      />
      <Problem error={problem} />
      {entry !== null && (
        <>
          <Facts facts={[[words.device, deviceOf(entry.device, row.who)]]} />
          <Facts
            mono
            facts={[
              [words.previous, entry.previous === "" ? "–" : entry.previous],
              [words.hash, entry.hash],
            ]}
          />
          <section className="stack tight">
            <div className="row">
              <h3 className="label-caps grow">{words.entry}</h3>
              <CopyButton text={() => entry.entry} name={words.copy} />
            </div>
            <pre className="entry-text" tabIndex={0} aria-label={words.entry}>
              {entry.entry}
            </pre>
            <p className="faint">{words.entryWhy}</p>
          </section>
        </>
      )}
    </Dialog>
  );
};
