/** The left column: workspace, search, what waits, one's own threads, the places. */
import {
  Check,
  ChevronDown,
  Hand,
  Link,
  MonitorSmartphone,
  Plus,
  ScrollText,
  Search,
  Settings,
  SquarePen,
  Users,
  Wrench,
} from "lucide-react";
import type { AppView } from "#bridge/app.ts";
import { newThread } from "../state/commands.ts";
import { useTopic } from "../state/host.ts";
import { modKey } from "../state/keys.ts";
import { paletteOpen, sideOpen, workspaceDialog } from "../state/panels.ts";
import { chooseWorkspace, goToSection, useRoute } from "../state/route.ts";
import { boundaryWords } from "../text/common.ts";
import { createWords, joinWords, sideWords as words } from "../text/app.ts";
import { changedToolWords } from "../text/tools.ts";
import { arriveWords } from "../text/pair.ts";
import { IconButton, Key } from "./basic.tsx";
import { BoundaryIcon } from "./boundary.tsx";
import { ThreadList } from "./thread-list.tsx";
import { Menu } from "./menu.tsx";

export const Sidebar = ({ app, wid }: { readonly app: AppView; readonly wid: string }) => {
  const route = useRoute();
  const workspace = app.workspaces.find((each) => each.wid === wid);
  const waiting = workspace?.waiting ?? 0;
  const review =
    useTopic("tools", wid)?.servers.reduce(
      (sum, server) =>
        sum +
        (server.review === null ? 0 : 1) +
        server.tools.filter((tool) => tool.change !== null && tool.change.kind !== "unsteady").length,
      0,
    ) ?? 0;
  const mayAudit = useTopic("team", wid)?.mine["audit.read"]?.allowed === true;
  return (
    <nav className="side" aria-label={words.navigation}>
      <Switcher app={app} wid={wid} />
      <div className="side-block">
        <button type="button" className="side-row search-row" onClick={() => paletteOpen.set(true)}>
          <Search className="icon" aria-hidden />
          <span className="grow">{words.search}</span>
          <Key>{modKey} K</Key>
        </button>
        <Place
          page="waiting"
          label={words.waiting}
          icon={<Hand className="icon" aria-hidden />}
          current={route.page === "waiting"}
          count={waiting}
        />
      </div>
      <div className="side-head">
        <h2 className="label-caps">{words.mine}</h2>
        <span className="side-boundary" title={boundaryWords.threadWhy}>
          <BoundaryIcon side="private" />
          {boundaryWords.thread}
        </span>
        <IconButton name={words.newThread} size="small" onClick={() => newThread(wid)}>
          <SquarePen className="icon" aria-hidden />
        </IconButton>
      </div>
      <ThreadList wid={wid} current={route.page === "thread" ? route.thread : null} />
      <div className="side-block side-foot">
        <Place
          page="team"
          label={words.team}
          icon={<Users className="icon" aria-hidden />}
          current={route.page === "team"}
        />
        <Place
          page="tools"
          label={words.tools}
          icon={<Wrench className="icon" aria-hidden />}
          current={route.page === "tools"}
          count={review}
          hint={changedToolWords.badge(review)}
        />
        {mayAudit && (
          <Place
            page="audit"
            label={words.audit}
            icon={<ScrollText className="icon" aria-hidden />}
            current={route.page === "audit"}
          />
        )}
        <Place
          page="settings"
          label={words.settings}
          icon={<Settings className="icon" aria-hidden />}
          current={route.page === "settings"}
        />
      </div>
    </nav>
  );
};

const Switcher = ({ app, wid }: { readonly app: AppView; readonly wid: string }) => {
  const current = app.workspaces.find((each) => each.wid === wid);
  return (
    <Menu
      trigger={
        <button type="button" className="switcher">
          <span className="switcher-mark" data-letter={(current?.name ?? "B").slice(0, 1).toUpperCase()} />
          <span className="hidden-text">{words.switcher}: </span>
          <span className="cut grow">{current?.name}</span>
          <ChevronDown className="icon small" aria-hidden />
        </button>
      }
      entries={[
        ...app.workspaces.map((each) => ({
          kind: "item" as const,
          label: each.name,
          icon: each.wid === wid ? <Check className="icon small" aria-hidden /> : <span className="icon-gap" />,
          ...(each.waiting > 0 ? { hint: `${words.waiting} ${each.waiting}` } : {}),
          onSelect: () => chooseWorkspace(each.wid),
        })),
        { kind: "line" },
        {
          kind: "item",
          label: createWords.title,
          icon: <Plus className="icon small" aria-hidden />,
          onSelect: () => workspaceDialog.set("create"),
        },
        {
          kind: "item",
          label: joinWords.title,
          icon: <Link className="icon small" aria-hidden />,
          onSelect: () => workspaceDialog.set("join"),
        },
        {
          kind: "item",
          label: arriveWords.title,
          icon: <MonitorSmartphone className="icon small" aria-hidden />,
          onSelect: () => workspaceDialog.set("arrive"),
        },
      ]}
    />
  );
};

interface PlaceProps {
  readonly page: "waiting" | "team" | "tools" | "settings" | "audit";
  readonly label: string;
  readonly icon: React.ReactNode;
  readonly current: boolean;
  readonly count?: number;
  /** What the count is of. */
  readonly hint?: string;
}

const Place = ({ page, label, icon, current, count = 0, hint }: PlaceProps) => (
  <button
    type="button"
    title={count > 0 ? hint : undefined}
    className="side-row"
    aria-current={current ? "page" : undefined}
    onClick={() => {
      goToSection(page);
      sideOpen.set(false);
    }}
  >
    {icon}
    <span className="grow">{label}</span> {count > 0 && <span className="count number">{count}</span>}
  </button>
);
