/** The person's own threads, newest first: only those in view are drawn, and those that were not looked at are not loaded. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import type { ThreadSummary } from "#bridge/thread.ts";
import { bridge, useTopic } from "../state/host.ts";
import { sideOpen } from "../state/panels.ts";
import { openThread } from "../state/route.ts";
import { sideWords as words } from "../text/app.ts";
import { BoundaryIcon } from "./boundary.tsx";
import { threadTitle } from "../text/thread.ts";

/** Height of a row, px. */
const ROW = 32;
const AHEAD = 20;

export const ThreadList = ({ wid, current }: { readonly wid: string; readonly current: string | null }) => {
  const threads = useTopic("threads", wid);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: threads?.rows.length ?? 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    getItemKey: (index) => threads?.rows[index]?.id ?? index,
    overscan: AHEAD,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index;
  const last = items.at(-1)?.index;
  useEffect(() => {
    if (first !== undefined && last !== undefined) bridge.need("threads", wid, first, last + 1);
  }, [wid, first, last, threads]);

  // A thread that is opened from elsewhere comes into view, once: from then on the list stays where the person scrolls it.
  const at = current === null ? -1 : (threads?.rows.findIndex((thread) => thread?.id === current) ?? -1);
  const shown = useRef<string | null>(null);
  useEffect(() => {
    if (at < 0 || shown.current === current) return;
    shown.current = current;
    virtual.scrollToIndex(at, { align: "auto" });
  }, [at, current, virtual]);

  if (threads?.rows.length === 0) return <p className="side-threads faint side-none">{words.noThreads}</p>;
  return (
    <div className="side-threads" ref={scroller}>
      <ul className="side-threads-space" data-list style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const thread = threads?.rows[item.index];
          return (
            <li
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              aria-setsize={threads?.rows.length}
              aria-posinset={item.index + 1}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {thread === undefined ? (
                <span className="side-row" aria-hidden />
              ) : (
                <ThreadRow thread={thread} current={thread.id === current} />
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
};

const dots: Record<ThreadSummary["state"], string | null> = {
  idle: null,
  running: "running",
  waiting: "waiting",
  failed: "failed",
};

const ThreadRow = ({ thread, current }: { readonly thread: ThreadSummary; readonly current: boolean }) => {
  const state = words.threadStates[thread.state];
  return (
    <button
      type="button"
      className="side-row thread-row"
      data-item
      aria-current={current ? "page" : undefined}
      title={threadTitle(thread.title)}
      onClick={() => {
        openThread(thread.id);
        sideOpen.set(false);
      }}
    >
      <BoundaryIcon side="private" />
      <span className="cut grow">{threadTitle(thread.title)}</span>
      {dots[thread.state] !== null && (
        <>
          <span className={`dot ${dots[thread.state]}`} title={state} />
          <span className="hidden-text">, {state}</span>
        </>
      )}
    </button>
  );
};
