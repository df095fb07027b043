/** The newest entry of each document: what two people, or a person and a file, compare. */
import type { AuditView } from "#bridge/audit.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { useTopic } from "../../state/host.ts";
import { useQueueName } from "../../state/queue-name.ts";
import { documentWords, headWords as words } from "../../text/audit.ts";
import { numberWords } from "../../text/common.ts";

export const HeadsDialog = ({ audit, onClose }: { readonly audit: AuditView; readonly onClose: () => void }) => {
  const name = useTopic("app")?.workspaces.find(({ wid }) => wid === audit.wid)?.name;
  return (
    <Dialog open wide onClose={onClose} title={words.title} description={words.why}>
      <p>
        {words.workspace} <span className="strong">{name}</span>
      </p>
      <Heads audit={audit} />
    </Dialog>
  );
};

const Heads = ({ audit }: { readonly audit: AuditView }) => {
  const queueName = useQueueName(audit.wid);
  return <HeadTable name={words.title} heads={audit.heads} queueName={queueName} />;
};

export const HeadTable = ({
  name,
  heads,
  queueName,
}: {
  readonly name: string;
  readonly heads: AuditView["heads"];
  readonly queueName: (id: string) => string;
}) => (
  <div className="table-scroll" tabIndex={0} role="region" aria-label={name}>
    <table className="table heads">
      <thead>
        <tr>
          <th scope="col">{words.document}</th>
          <th scope="col">{words.entries}</th>
          <th scope="col">{words.hash}</th>
        </tr>
      </thead>
      <tbody>
        {heads.map(({ doc, seq, hash }) => (
          <tr key={doc}>
            <td>{documentWords(doc, queueName)}</td>
            <td className="number">{numberWords(seq)}</td>
            <td className="mono-small">{hash}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
