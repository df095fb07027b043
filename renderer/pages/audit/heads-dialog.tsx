/** The newest entry of each document: what two people, or a person and a file, compare. */
import type { AuditView } from "#bridge/audit-views.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { documentWords, headWords as words } from "../../text/audit.ts";

export const HeadsDialog = ({ audit, onClose }: { readonly audit: AuditView; readonly onClose: () => void }) => (
  <Dialog open wide onClose={onClose} title={words.title} description={words.why}>
    <p>
      {words.workspace} <span className="mono-small">{audit.wid}</span>
    </p>
    <Heads audit={audit} />
  </Dialog>
);

const Heads = ({ audit }: { readonly audit: AuditView }) => (
  <div className="table-scroll" tabIndex={0} role="region" aria-label={words.title}>
    <table className="table heads">
      <thead>
        <tr>
          <th scope="col">{words.document}</th>
          <th scope="col">{words.entries}</th>
          <th scope="col">{words.hash}</th>
        </tr>
      </thead>
      <tbody>
        {audit.heads.map(({ doc, seq, hash }) => (
          <tr key={doc}>
            <td>{documentWords(doc)}</td>
            <td className="number">{seq}</td>
            <td className="mono-small">{hash}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
