/** Tool servers with their rules, and the queues that are asked. */
import { Plus } from "lucide-react";
import { useEffect } from "react";
import { Button, Empty, Note, Problem } from "../../parts/basic.tsx";
import { useTopic, useTopicState } from "../../state/host.ts";
import { addingServer } from "../../state/panels.ts";
import { useStore } from "../../state/store.ts";
import { commonWords } from "../../text/common.ts";
import { toolsWords as words } from "../../text/tools.ts";
import { AddServer } from "./add-server.tsx";
import { DraftBar } from "./draft-bar.tsx";
import { Queues } from "./queues.tsx";
import { Rules } from "./rules.tsx";
import { ServerSection } from "./server-section.tsx";
import { Unnamed } from "./unnamed.tsx";
import { factWords } from "../../text/facts.ts";

export const ToolsPage = ({ wid }: { readonly wid: string }) => {
  const { value: tools, error } = useTopicState("tools", wid);
  const policy = useTopic("policy", wid);
  const adding = useStore(addingServer);
  // A dialog that this page could not show must not open when the page is seen again.
  useEffect(() => () => addingServer.set(false), []);
  const add = (
    <Button
      look="primary"
      disabled={tools?.mayEdit.allowed === false}
      icon={<Plus className="icon small" aria-hidden />}
      onClick={() => addingServer.set(true)}
    >
      {words.add}
    </Button>
  );
  return (
    <>
      <header className="page-head">
        <h1>{words.title}</h1>
        <p className="faint cut grow">{words.subtitle}</p>
        {tools !== undefined && tools.servers.length > 0 && add}
      </header>
      <div className="page-scroll">
        <div className="page-column" data-list>
          <Problem error={error} />
          {tools === undefined && error === null && <p className="faint late">{commonWords.loading}</p>}
          {tools?.mayEdit.allowed === false && <Note>{words.cannotAdd(factWords(tools.mayEdit.why))}</Note>}
          {tools?.servers.length === 0 && (
            <Empty title={words.emptyTitle} action={add}>
              {words.empty}
            </Empty>
          )}
          {tools?.servers.map((server) => (
            <ServerSection key={server.id} tools={tools} server={server} policy={policy} />
          ))}
          {tools !== undefined && <Unnamed wid={wid} />}
          {tools !== undefined && <Rules wid={wid} />}
          {tools !== undefined && <Queues tools={tools} />}
        </div>
      </div>
      {policy !== undefined && <DraftBar policy={policy} />}
      {adding && tools !== undefined && <AddServer tools={tools} onClose={() => addingServer.set(false)} />}
    </>
  );
};
