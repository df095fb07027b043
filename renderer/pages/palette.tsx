/** Everything by typing: threads, places, actions, and the text of one's own messages. */
import { Command } from "cmdk";
import { Dialog } from "radix-ui";
import { useEffect, useState } from "react";
import type { SearchHit, ThreadSummary } from "#bridge/thread.ts";
import type { AppView } from "#bridge/app.ts";
import { BoundaryIcon } from "../parts/boundary.tsx";
import { useReturnFocus } from "../parts/return-focus.ts";
import { When } from "../parts/time.tsx";
import { newThread, startAddServer, startComparing, startExport, startInvite } from "../state/commands.ts";
import { request, useTopic } from "../state/host.ts";
import { addingDevice, keysOpen, paletteOpen, workspaceDialog } from "../state/panels.ts";
import { chooseWorkspace, goTo, goToSection, openThread } from "../state/route.ts";
import { paletteRank } from "../state/palette-rank.ts";
import { useStore } from "../state/store.ts";
import { saidFailed } from "../state/toasts.ts";
import { createWords, joinWords, paletteWords as words, sideWords } from "../text/app.ts";
import { exportWords } from "../text/audit.ts";
import { compareWords } from "../text/honesty.ts";
import { arriveWords, offerWords } from "../text/pair.ts";
import { roleWords } from "../text/roles.ts";
import { teamWords } from "../text/team.ts";
import { threadTitle } from "../text/thread.ts";

/** The members are what the team opens with. */
const teamTabs = [
  ["roles", roleWords.tab],
  ["invites", teamWords.invites],
] as const;

const places = ["waiting", "team", "tools", "audit", "settings"] as const;

const SEARCH_AFTER_MS = 150;
const SEARCH_FROM = 2;

export const Palette = ({ app, wid }: { readonly app: AppView; readonly wid: string }) => {
  const open = useStore(paletteOpen);
  const focus = useReturnFocus();
  return (
    <Dialog.Root open={open} onOpenChange={paletteOpen.set}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim" />
        <Dialog.Content {...focus} className="palette" aria-describedby={undefined}>
          <Dialog.Title className="hidden-text">{words.title}</Dialog.Title>
          <Content app={app} wid={wid} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
};

const Content = ({ app, wid }: { readonly app: AppView; readonly wid: string }) => {
  const [typed, setTyped] = useState("");
  const threads = useThreads(wid, typed);
  const may = useMay(wid);
  const { hits, busy } = useSearch(wid, typed);
  const then = (work: () => void) => () => {
    paletteOpen.set(false);
    work();
  };
  const actions: [string, () => void][] = [
    [sideWords.newThread, () => newThread(wid)],
    ...offered(may.invite, words.invite, () => startInvite("member")),
    ...offered(may.pair, offerWords.add, () => addingDevice.set(true)),
    [compareWords.open, startComparing],
    ...offered(may.addServer, words.addServer, startAddServer),
    ...offered(may.exportAudit, exportWords.title, startExport),
    [words.theme, () => goTo({ page: "settings" })],
    [createWords.title, () => workspaceDialog.set("create")],
    [joinWords.title, () => workspaceDialog.set("join")],
    [arriveWords.title, () => workspaceDialog.set("arrive")],
    [words.keys, () => keysOpen.set(true)],
  ];
  return (
    <Command label={words.title} loop filter={paletteRank}>
      <Command.Input value={typed} onValueChange={setTyped} placeholder={words.placeholder} className="palette-input" />
      <Command.List className="palette-list" label={words.found}>
        {!busy && <Command.Empty className="faint palette-none">{words.none}</Command.Empty>}
        {threads.length > 0 && (
          <Command.Group heading={words.threads}>
            {threads.map((thread) => (
              <Command.Item
                key={thread.id}
                value={`thread ${thread.id}`}
                keywords={[threadTitle(thread.title)]}
                onSelect={then(() => openThread(thread.id))}
              >
                <BoundaryIcon side="private" />
                <span className="cut grow">{threadTitle(thread.title)}</span>
                <span className="faint">
                  <When at={thread.updatedAt} here />
                </span>
              </Command.Item>
            ))}
          </Command.Group>
        )}
        <Command.Group heading={words.sections}>
          {places
            .filter((page) => page !== "audit" || may.readAudit)
            .map((page) => (
              <Command.Item
                key={page}
                value={`place ${page}`}
                keywords={[sideWords[page]]}
                onSelect={then(() => goToSection(page))}
              >
                {sideWords[page]}
              </Command.Item>
            ))}
          {teamTabs.map(([tab, label]) => (
            <Command.Item
              key={tab}
              value={`place team ${tab}`}
              keywords={[label]}
              onSelect={then(() => goTo({ page: "team", tab }))}
            >
              {label}
            </Command.Item>
          ))}
          {app.workspaces
            .filter((each) => each.wid !== wid)
            .map((each) => (
              <Command.Item
                key={each.wid}
                value={`workspace ${each.wid}`}
                keywords={[each.name]}
                onSelect={then(() => chooseWorkspace(each.wid))}
              >
                {each.name}
              </Command.Item>
            ))}
        </Command.Group>
        <Command.Group heading={words.actions}>
          {actions.map(([label, work]) => (
            <Command.Item key={label} value={`action ${label}`} keywords={[label]} onSelect={then(work)}>
              {label}
            </Command.Item>
          ))}
        </Command.Group>
        {(hits.length > 0 || busy) && (
          <Command.Group heading={busy ? words.searching : words.messages} forceMount>
            {hits.map((hit) => (
              <Command.Item
                key={hit.messageId}
                value={`message ${hit.messageId}`}
                forceMount
                onSelect={then(() => openThread(hit.threadId, hit.seq))}
              >
                <div className="hit">
                  <span className="row">
                    <span className="cut grow faint">{threadTitle(hit.title)}</span>
                    <span className="faint">
                      <When at={hit.at} here />
                    </span>
                  </span>
                  <span className="cut">
                    {hit.before}
                    <mark>{hit.match}</mark>
                    {hit.after}
                  </span>
                </div>
              </Command.Item>
            ))}
          </Command.Group>
        )}
      </Command.List>
    </Command>
  );
};

/** Only what this person may do is offered here; the pages say of the rest why not. */
const useMay = (wid: string) => {
  const mine = useTopic("team", wid)?.mine ?? {};
  return {
    invite: mine["members.invite"]?.allowed === true,
    pair: useTopic("status", wid)?.canPair.allowed === true,
    addServer: useTopic("tools", wid)?.mayEdit.allowed === true,
    readAudit: mine["audit.read"]?.allowed === true,
    exportAudit: mine["audit.export"]?.allowed === true,
  };
};
const offered = (may: boolean, label: string, work: () => void): [string, () => void][] => (may ? [[label, work]] : []);

/** Without a word those that changed last. */
const RECENT = 20;
const useThreads = (wid: string, typed: string): readonly ThreadSummary[] => {
  const recent = useTopic("threads", wid)?.rows.slice(0, RECENT) ?? [];
  const [found, setFound] = useState<readonly ThreadSummary[] | null>(null);
  const query = typed.trim();
  useEffect(() => {
    if (query === "") return setFound(null);
    let stale = false;
    request("thread.find", { wid, query }).then(
      (threads) => !stale && setFound(threads),
      (error: unknown) => !stale && saidFailed(error),
    );
    return () => {
      stale = true;
    };
  }, [wid, query]);
  return found ?? recent.filter((thread) => thread !== undefined);
};

const useSearch = (wid: string, typed: string): { readonly hits: readonly SearchHit[]; readonly busy: boolean } => {
  const [found, setFound] = useState<{ query: string; hits: readonly SearchHit[] }>({ query: "", hits: [] });
  const query = typed.trim().length < SEARCH_FROM ? "" : typed.trim();
  useEffect(() => {
    if (query === "") return;
    let stale = false;
    const timer = setTimeout(() => {
      request("search", { wid, query }).then(
        (hits) => !stale && setFound({ query, hits }),
        (error: unknown) => !stale && (setFound({ query, hits: [] }), saidFailed(error)),
      );
    }, SEARCH_AFTER_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [wid, query]);
  return query === "" ? { hits: [], busy: false } : { hits: found.hits, busy: found.query !== query };
};
