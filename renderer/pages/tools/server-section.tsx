/** One server: how it stands on this computer, its tools, and the rule of each. */
import { Ellipsis, KeyRound, LoaderCircle, RotateCw, ScrollText, Trash2, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { valuesOf } from "#bridge/launch.ts";
import type { Effect, PolicyView } from "#bridge/policy.ts";
import type { ServerView, ToolView, ToolsView } from "#bridge/tool.ts";
import { Button, IconButton, Note, Problem } from "../../parts/basic.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { Menu } from "../../parts/menu.tsx";
import { attempt } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { saidDone } from "../../state/toasts.ts";
import { pickEffect, usePolicyDraft } from "../../state/policy-draft.ts";
import { changeWords } from "../../text/policy-change.ts";
import { changeValuesWords, serverStateWords, toolsWords as words } from "../../text/tools.ts";
import { ChangeValues, NEEDS_VALUES } from "./change-values.tsx";
import { ChangedTool } from "./changed-tool.tsx";
import { EffectPick } from "./effect-pick.tsx";
import { launchLine } from "./launch.ts";
import { Review } from "./review.tsx";
import { ServerLog } from "./server-log.tsx";
import { factWords } from "../../text/facts.ts";

const tones: Record<ServerView["state"], string> = {
  ready: "done",
  starting: "accent",
  restarting: "waiting",
  "needs-review": "waiting",
  failed: "failed",
  stopped: "",
  unsupported: "failed",
};

export const ServerSection = ({
  tools,
  server,
  policy,
}: {
  readonly tools: ToolsView;
  readonly server: ServerView;
  readonly policy: PolicyView | undefined;
}) => {
  const picked = usePolicyDraft(tools.wid)?.effects[server.id];
  return (
    <section className="server" aria-labelledby={`server-${server.id}`}>
      <header className="server-head">
        <h2 id={`server-${server.id}`} className="cut">
          {server.name}
        </h2>
        <span className={`chip ${tones[server.state]}`}>{serverStateWords[server.state]}</span>
        {server.restarts > 0 && <span className="faint">{words.restarts(server.restarts)}</span>}
        <span className="grow" />
        <span className="faint cut">{words.addedBy(server.addedBy)}</span>
        <ServerMenu tools={tools} server={server} />
      </header>
      <p className="server-launch mono cut" title={launchLine(server.launch)}>
        {launchLine(server.launch)}
      </p>
      {/* A command to be reviewed is no failure: the review below says what to do. */}
      {server.error !== null && server.review === null && (
        <div className="server-pad">
          {server.state === "starting" ? <Starting text={factWords(server.error)} /> : <Problem error={server.error} />}
        </div>
      )}
      {server.review === null && NEEDS_VALUES.has(server.error?.code ?? "") && (
        <FillIn wid={tools.wid} server={server} />
      )}
      {server.review !== null && <Review wid={tools.wid} server={server} review={server.review} />}
      {server.tools.length > 0 ? (
        <ul className="tool-rows">
          {server.tools.map((tool) => (
            <ToolRow
              key={tool.name}
              server={server.id}
              tool={tool}
              tools={tools}
              picked={picked?.[tool.name]}
              onEffect={
                policy === undefined ? null : (effect) => pickEffect(tools.wid, policy.base, server.id, tool, effect)
              }
            />
          ))}
        </ul>
      ) : (
        server.review === null &&
        server.error === null && (
          <p className="faint server-pad">{server.state === "starting" ? words.starting : words.noTools}</p>
        )
      )}
    </section>
  );
};

/** A start that takes long has not failed: a first start may download the program. */
const Starting = ({ text }: { readonly text: string }) => (
  <div role="status">
    <Note icon={<LoaderCircle className="icon small spin" aria-hidden />}>{text}</Note>
  </div>
);

const FillIn = ({ wid, server }: { readonly wid: string; readonly server: ServerView }) => {
  const [open, setOpen] = useState(false);
  return (
    <div className="server-pad">
      <Button onClick={() => setOpen(true)}>{changeValuesWords.open}</Button>
      {open && <ChangeValues wid={wid} server={server} onClose={() => setOpen(false)} />}
    </div>
  );
};

const ServerMenu = ({ tools, server }: { readonly tools: ToolsView; readonly server: ServerView }) => {
  const [open, setOpen] = useState<"log" | "remove" | "values" | null>(null);
  const wid = tools.wid;
  const unreviewed = server.review === null ? null : words.reviewFirst;
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton name={words.actions(server.name)} size="small">
            <Ellipsis className="icon" aria-hidden />
          </IconButton>
        }
        entries={[
          {
            kind: "item",
            label: words.restart,
            icon: <RotateCw className="icon small" aria-hidden />,
            off: unreviewed,
            onSelect: () => attempt(() => request("server.restart", { wid, server: server.id })),
          },
          {
            kind: "item",
            label: changeValuesWords.open,
            icon: <KeyRound className="icon small" aria-hidden />,
            off: unreviewed ?? (valuesOf(server.launch).length === 0 ? changeValuesWords.none : null),
            onSelect: () => setOpen("values"),
          },
          {
            kind: "item",
            label: words.log,
            icon: <ScrollText className="icon small" aria-hidden />,
            onSelect: () => setOpen("log"),
          },
          { kind: "line" },
          {
            kind: "item",
            label: words.remove,
            danger: true,
            off: tools.mayEdit.allowed ? null : factWords(tools.mayEdit.why),
            icon: <Trash2 className="icon small" aria-hidden />,
            onSelect: () => setOpen("remove"),
          },
        ]}
      />
      {open === "log" && <ServerLog wid={wid} server={server} onClose={() => setOpen(null)} />}
      {open === "values" && <ChangeValues wid={wid} server={server} onClose={() => setOpen(null)} />}
      <Confirm
        open={open === "remove"}
        onClose={() => setOpen(null)}
        title={words.removeTitle(server.name)}
        verb={words.remove}
        work={() =>
          request("server.remove", { wid, server: server.id }).then(() => saidDone(words.removed(server.name)))
        }
      >
        {words.removeWhy}
      </Confirm>
    </>
  );
};

interface ToolRowProps {
  readonly server: string;
  readonly tool: ToolView;
  readonly tools: ToolsView;
  /** What was picked for it and is not published. */
  readonly picked: Effect | undefined;
  /** Null while the rules are not known. */
  readonly onEffect: ((effect: Effect) => void) | null;
}

const ToolRow = ({ server, tool, tools, picked, onEffect }: ToolRowProps) => (
  <li className="tool-row">
    <div className="grow">
      <div className="row wrap">
        <span className="mono strong">{tool.name}</span>
        <ToolHints tool={tool} />
      </div>
      <details className="tool-more">
        <summary className="faint">
          <span className="cut">{tool.description === "" ? words.details : tool.description}</span>
        </summary>
        {tool.description !== "" && <p className="quiet">{tool.description}</p>}
        <pre className="scroll-text" tabIndex={0}>
          {JSON.stringify(tool.inputSchema, null, 2)}
        </pre>
      </details>
      {tool.overruledBy === null ? (
        <p className="faint">{words.rule(factWords(tool.rule))}</p>
      ) : (
        <p className="rule-problem" id={`overruled-${server}-${tool.name}`}>
          <TriangleAlert className="icon small" aria-hidden />
          {changeWords.overruledBy(tool.effect, tools.queues, factWords(tool.overruledBy))}
        </p>
      )}
      <ChangedTool wid={tools.wid} server={server} tool={tool} mayAccept={tools.mayAccept} />
    </div>
    <div className="tool-setting">
      <EffectPick
        tool={tool.name}
        effect={picked ?? tool.own}
        empty={changeWords.notSet(tool.effect, tools.queues)}
        queues={tools.queues}
        disabled={!tools.mayEdit.allowed || onEffect === null}
        why={tools.mayEdit.allowed ? undefined : factWords(tools.mayEdit.why)}
        describedBy={tool.overruledBy === null ? undefined : `overruled-${server}-${tool.name}`}
        onPick={(effect) => onEffect?.(effect)}
      />
      {picked !== undefined && <span className="faint">{changeWords.pending}</span>}
    </div>
  </li>
);

/** What the server says about its tool: untrusted, so it is worded as a saying. */
export const ToolHints = ({ tool }: { readonly tool: ToolView }) => (
  <>
    {tool.readOnly && (
      <span className="chip" title={words.hint}>
        {words.readOnly}
      </span>
    )}
    {tool.destructive && (
      <span className="chip waiting" title={words.hint}>
        {words.destructive}
      </span>
    )}
  </>
);
