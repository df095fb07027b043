/** The acts as a table of which only the visible rows exist, however long the audit is. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef } from "react";
import type { AuditRowView } from "#bridge/audit.ts";
import { When } from "../../parts/time.tsx";
import { useMedia } from "../../state/media.ts";
import { auditWords as words, chipOf } from "../../text/audit.ts";
import { rowActWords, rowRuleWords, rowVotesWords } from "../../text/facts.ts";

const ROW = 52;
const ROW_NARROW = 76;
/** Rows loaded ahead on both sides, so that scrolling seldom meets one that is not here yet. */
const AHEAD = 60;

interface ActTableProps {
  readonly total: number;
  /** By number from the oldest. */
  readonly rows: ReadonlyMap<number, AuditRowView>;
  readonly need: (first: number, last: number) => void;
  readonly onOpen: (row: AuditRowView) => void;
}

export const ActTable = ({ total, rows, need, onOpen }: ActTableProps) => {
  const scroller = useRef<HTMLDivElement>(null);
  const size = useMedia("(max-width: 1023px)") ? ROW_NARROW : ROW;
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => size,
    overscan: 12,
    getItemKey: (index) => total - 1 - index,
  });
  useLayoutEffect(() => virtual.measure(), [virtual, size]);
  useHold(scroller, total, size);
  const items = virtual.getVirtualItems();
  const first = items[0]?.index;
  const last = items.at(-1)?.index;
  useEffect(() => {
    if (first !== undefined && last !== undefined)
      need(Math.max(0, total - 1 - last - AHEAD), Math.min(total - 1, total - 1 - first + AHEAD));
  }, [first, last, total, need]);
  return (
    <div className="acts" role="table" aria-label={words.table} aria-rowcount={total + 1}>
      <div className="act act-head" role="row" aria-rowindex={1}>
        {Object.values(words.columns).map((column) => (
          <span key={column} role="columnheader">
            {column}
          </span>
        ))}
      </div>
      <div className="acts-scroll" ref={scroller} role="rowgroup" data-list>
        <div role="presentation" className="acts-all" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => (
            <Act
              key={item.key}
              index={item.index}
              start={item.start}
              size={item.size}
              row={rows.get(total - 1 - item.index)}
              onOpen={onOpen}
            />
          ))}
        </div>
      </div>
    </div>
  );
};

/** New acts come in at the top; whoever reads further down keeps their place. */
const useHold = (scroller: React.RefObject<HTMLDivElement | null>, total: number, size: number): void => {
  const before = useRef(total);
  useLayoutEffect(() => {
    const element = scroller.current;
    const added = total - before.current;
    before.current = total;
    if (element !== null && added > 0 && element.scrollTop > size) element.scrollTop += added * size;
  }, [scroller, total, size]);
};

interface ActProps {
  readonly index: number;
  readonly start: number;
  readonly size: number;
  /** Undefined while it is being loaded. */
  readonly row: AuditRowView | undefined;
  readonly onOpen: (row: AuditRowView) => void;
}

const Act = ({ index, start, size, row, onOpen }: ActProps) => {
  const style = { transform: `translateY(${start}px)`, height: size };
  if (row === undefined)
    return <div role="row" aria-rowindex={index + 2} aria-busy className="act act-row" style={style} />;
  const chip = chipOf(row);
  const [act, rule, votes] = [rowActWords(row), rowRuleWords(row), rowVotesWords(row)];
  return (
    <div role="row" aria-rowindex={index + 2} className="act act-row" style={style}>
      <span role="cell" className="faint number">
        <When at={row.at} />
      </span>
      <span role="cell" className="act-who">
        <span className="cut strong">{row.who}</span>
        <span className="cut faint">{row.role}</span>
      </span>
      <span role="cell" className="act-what">
        <button type="button" data-item className="act-open" title={act} onClick={() => onOpen(row)}>
          <span className="hidden-text">{row.who} </span>
          <span className="cut">{act}</span>
        </button>
        <span className="cut faint" title={rule}>
          {rule}
        </span>
      </span>
      <span role="cell" className="act-result">
        {chip !== null && <span className={`chip ${chip.tone}`}>{chip.word}</span>}
        {votes !== "" && (
          <span className="cut faint" title={votes}>
            {votes}
          </span>
        )}
      </span>
    </div>
  );
};
