/** Every act of the workspace, newest first, for whoever may read it. */
import { Download, FileCheck, Fingerprint } from "lucide-react";
import { useDeferredValue, useEffect, useState } from "react";
import type { AuditMatch, AuditRowView, AuditView } from "#bridge/audit.ts";
import { Button, Empty, Note, Pick, Problem } from "../../parts/basic.tsx";
import { useAuditRows } from "../../state/audit-rows.ts";
import { useTopicState } from "../../state/host.ts";
import { auditDialog } from "../../state/panels.ts";
import { useStore } from "../../state/store.ts";
import { auditWords as words, kindWords } from "../../text/audit.ts";
import { commonWords } from "../../text/common.ts";
import { ActDialog } from "./act-dialog.tsx";
import { ActTable } from "./act-table.tsx";
import { ExportDialog } from "./export-dialog.tsx";
import { HeadsDialog } from "./heads-dialog.tsx";
import { VerifyDialog } from "./verify-dialog.tsx";
import { factWords } from "../../text/facts.ts";

const ALL: AuditMatch = { member: null, kind: null, text: "" };

export const AuditPage = ({ wid }: { readonly wid: string }) => {
  const { value: audit, error } = useTopicState("audit", wid);
  return (
    <div className="audit">
      {audit === undefined ? (
        <>
          <Head />
          <div className="page-pad">
            {error === null ? <p className="faint late">{commonWords.loading}</p> : <Problem error={error} />}
          </div>
        </>
      ) : audit.canRead.allowed ? (
        <Acts audit={audit} />
      ) : (
        <>
          <Head />
          <div className="page-pad">
            <Empty title={words.refusedTitle}>{words.refused}</Empty>
            <Note>{factWords(audit.canRead.why)}</Note>
          </div>
        </>
      )}
    </div>
  );
};

const Head = ({ children }: { readonly children?: React.ReactNode }) => (
  <header className="page-head audit-head">
    <h1>{words.title}</h1>
    {children}
  </header>
);

const Acts = ({ audit }: { readonly audit: AuditView }) => {
  const [match, setMatch] = useState<AuditMatch>(ALL);
  const [opened, setOpened] = useState<AuditRowView | null>(null);
  const dialog = useStore(auditDialog);
  // A dialog that this page could not show must not open when the page is seen again.
  useEffect(() => () => auditDialog.set(null), []);
  // Typing stays quick while the host still looks for the letter before.
  const { total, rows, error, need } = useAuditRows(audit.wid, useDeferredValue(match), audit.version);
  const all = match === ALL;
  return (
    <>
      <Head>
        <span className="faint number">
          {total === null ? "" : all ? words.rows(total) : words.found(total, audit.rows)}
        </span>
        {audit.progress !== null && audit.progress.of > 0 && (
          <span className="faint number" role="status">
            {words.reading(audit.progress.done, audit.progress.of)}
          </span>
        )}
        <span className="grow" />
        <Button
          size="small"
          icon={<Fingerprint className="icon small" aria-hidden />}
          onClick={() => auditDialog.set("heads")}
        >
          {words.heads}
        </Button>
        <Button
          size="small"
          icon={<FileCheck className="icon small" aria-hidden />}
          onClick={() => auditDialog.set("verify")}
        >
          {words.verify}
        </Button>
        <Button
          size="small"
          disabled={!audit.canExport.allowed}
          title={factWords(audit.canExport.why)}
          icon={<Download className="icon small" aria-hidden />}
          onClick={() => auditDialog.set("export")}
        >
          {words.export}
        </Button>
      </Head>
      <Filters audit={audit} match={match} onMatch={setMatch} />
      {!audit.canExport.allowed && <Note>{factWords(audit.canExport.why)}</Note>}
      {audit.incomplete && <Note tone="waiting">{words.incomplete}</Note>}
      <Problem error={error} />
      {total === 0 && audit.progress === null && !all ? (
        <Empty title={words.noneTitle} action={<Button onClick={() => setMatch(ALL)}>{words.clear}</Button>}>
          {words.none}
        </Empty>
      ) : (
        <ActTable total={total ?? 0} rows={rows} need={need} onOpen={setOpened} />
      )}
      {opened !== null && <ActDialog wid={audit.wid} row={opened} onClose={() => setOpened(null)} />}
      {dialog === "verify" && <VerifyDialog wid={audit.wid} onClose={() => auditDialog.set(null)} />}
      {dialog === "heads" && <HeadsDialog audit={audit} onClose={() => auditDialog.set(null)} />}
      {dialog === "export" && audit.canExport.allowed && (
        <ExportDialog audit={audit} onClose={() => auditDialog.set(null)} />
      )}
    </>
  );
};

const Filters = ({
  audit,
  match,
  onMatch,
}: {
  readonly audit: AuditView;
  readonly match: AuditMatch;
  readonly onMatch: (match: AuditMatch) => void;
}) => {
  const set = (part: Partial<AuditMatch>) => {
    const next = { ...match, ...part };
    onMatch(next.member === null && next.kind === null && next.text === "" ? ALL : next);
  };
  return (
    <div className="audit-filters" role="search">
      <Pick
        name={words.person}
        className="small"
        value={match.member ?? ""}
        onPick={(member) => set({ member: member === "" ? null : member })}
        options={[
          { value: "", label: words.everybody },
          ...audit.people.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <Pick
        name={words.kind}
        className="small"
        value={match.kind ?? ""}
        onPick={(kind) => set({ kind: kind === "" ? null : kind })}
        options={[
          { value: "", label: words.everything },
          ...audit.kinds.map((kind) => ({ value: kind, label: kindWords[kind] ?? kind })),
        ]}
      />
      <input
        className="input small grow"
        type="search"
        aria-label={words.text}
        placeholder={words.textHint}
        maxLength={200}
        value={match.text}
        onChange={(event) => set({ text: event.target.value })}
        spellCheck={false}
        autoComplete="off"
      />
    </div>
  );
};
