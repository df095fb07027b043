/**
 * The messages of a thread, only those in view. The list is as long as the thread from the start, so loading older
 * pages moves nothing; it follows the newest text only while the person is at its end.
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { Button } from "../../parts/basic.tsx";
import type { ThreadLog } from "../../state/thread-log.ts";
import { needMessage } from "../../state/thread-messages.ts";
import { threadWords as words } from "../../text/thread.ts";
import { Message } from "./message.tsx";

const ESTIMATE = 96;
const END_PX = 48;
/** Messages loaded ahead on both sides of what is seen, so that scrolling seldom meets one that is not here yet. */
const AHEAD = 30;

export const MessageList = ({
  wid,
  thread,
  log,
  target,
}: {
  readonly wid: string;
  readonly thread: string;
  readonly log: ThreadLog;
  readonly target: number | null;
}) => {
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  /** Whether the person last left the list at its end. */
  const following = useRef(target === null);
  const virtual = useVirtualizer({
    count: log.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ESTIMATE,
    overscan: 6,
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: END_PX,
    paddingStart: 16,
    paddingEnd: 16,
  });
  const items = virtual.getVirtualItems();

  useLayoutEffect(() => {
    if (target === null) virtual.scrollToEnd();
    else virtual.scrollToIndex(target - 1, { align: "center" });
  }, [virtual, target]);

  // A run line or a longer draft takes height away from below: whoever reads the end still sees it.
  useEffect(() => {
    const watch = new ResizeObserver(() => following.current && virtual.scrollToEnd());
    if (scroller.current !== null) watch.observe(scroller.current);
    return () => watch.disconnect();
  }, [virtual]);

  // Sizes settle after they were measured, without a scroll event to say so.
  useEffect(() => setAtEnd(virtual.isAtEnd(END_PX)));

  const first = items[0]?.index;
  const last = items.at(-1)?.index;
  useEffect(() => {
    if (first === undefined || last === undefined) return;
    for (let index = first; index <= last; index += 1) needMessage(thread, index + 1);
    needMessage(thread, first + 1 - AHEAD);
    needMessage(thread, last + 1 + AHEAD);
  }, [thread, first, last, log]);

  const onScroll = () => {
    following.current = virtual.isAtEnd(END_PX);
    setAtEnd(following.current);
  };

  return (
    <div className="messages-frame">
      <div
        className="messages"
        ref={scroller}
        tabIndex={0}
        role="log"
        aria-label={words.messages}
        aria-live="off"
        onScroll={onScroll}
      >
        <div className="messages-space" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const message = log.messages.get(item.index + 1);
            return (
              // A message that is not here yet keeps its estimated size: measured, it would be corrected in view when it comes.
              <div
                key={item.key}
                ref={message === undefined ? null : virtual.measureElement}
                data-index={item.index}
                className="message-row"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {message === undefined ? (
                  <Skeleton />
                ) : (
                  <Message wid={wid} message={message} found={message.seq === target} />
                )}
              </div>
            );
          })}
        </div>
      </div>
      {!atEnd && (
        <Button
          className="latest"
          size="small"
          icon={<ArrowDown className="icon small" aria-hidden />}
          onClick={() => virtual.scrollToEnd()}
        >
          {words.latest}
        </Button>
      )}
    </div>
  );
};

const Skeleton = () => (
  <div className="message skeleton" aria-hidden>
    <span />
    <span />
  </div>
);
