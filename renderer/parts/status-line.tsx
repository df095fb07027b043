/** The line that always says which promise holds right now. */
import { visibleName } from "#bridge/plain-text.ts";
import { isAboutClocks } from "#core/facts/reject.ts";
import type { StatusView } from "#bridge/workspace.ts";
import { useEffect, useRef, useState } from "react";
import { attempt } from "../state/action.ts";
import { useServerClock } from "../state/server-clock.ts";
import { request, useLink, useTopic } from "../state/host.ts";
import { goTo, useRoute } from "../state/route.ts";
import { statusWords as words } from "../text/app.ts";
import { CLOCK_OFF_MS, clockOffWords } from "../text/clock-off.ts";
import { confirmWords } from "../text/confirm.ts";
import { linkWords } from "../text/errors.ts";
import { lieWords } from "../text/honesty.ts";
import { ownPromiseWords } from "../text/arrivals.ts";
import { tooOldWords } from "../text/levels.ts";
import { TooOldDialog } from "./too-old-dialog.tsx";
import { Button } from "./basic.tsx";
import { LieDialog } from "./lie-dialog.tsx";
import { useApproverJoined } from "./unnamed.tsx";
import { useOwnPromise } from "./own-promise.tsx";
import { factsWords } from "../text/facts.ts";

const dots: Record<StatusView["link"], string> = {
  "in-sync": "done",
  connecting: "running",
  offline: "off",
  refused: "failed",
  out: "failed",
  tampered: "failed",
  withheld: "failed",
  "update-app": "failed",
};

export const StatusLine = ({ wid }: { readonly wid: string }) => {
  const status = useTopic("status", wid);
  useServerClock(wid);
  const [explains, setExplains] = useState(false);
  const [cut, setCut] = useState(false);
  const [whole, setWhole] = useState(false);
  const link = useLink();
  // What was true when the host was last heard is not said as if it were true now.
  if (link.state === "connecting" || link.state === "lost") return <HostAway state={link.state} />;
  if (status === undefined) return <footer className="status-line" />;
  const stuck = status.link === "offline" || status.link === "refused";
  return (
    <footer className={status.lie === undefined ? "status-line" : "status-line failed"}>
      <p role="status" aria-label={words.name} className="status-bits grow">
        <span>
          <span className={`dot ${dots[status.link]}`} aria-hidden />
          <span> {words.links[status.link]}</span>
        </span>
        {status.queued > 0 && <Bit>{words.queued(status.queued)}</Bit>}
        <PromiseBit wid={wid} />
        {status.lie === undefined && status.wentOn !== undefined && <Bit>{lieWords.wentOn}</Bit>}
        {status.link !== "out" && <Bit>{words.mayApprove(status.mayApprove, status.link === "in-sync")}</Bit>}
        {Math.abs(status.serverAhead) > CLOCK_OFF_MS &&
          !isAboutClocks(status.reason?.code ?? "") &&
          status.reason?.code !== "clocks-apart" && <Bit>{clockOffWords(status.serverAhead)}</Bit>}
        <ModelBit byDefault={status.model} />
        {status.reason !== null && status.lie === undefined && status.link !== "connecting" && (
          <Reason
            said={factsWords([status.reason, ...status.also])}
            whole={whole}
            onCut={setCut}
            onGone={() => setWhole(false)}
          />
        )}
      </p>
      <Joined wid={wid} />
      {(cut || whole) && (
        <Button look="plain" size="small" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? words.less : words.more}
        </Button>
      )}
      {(status.lie ?? status.wentOn) !== undefined && (
        <Button look="plain" size="small" onClick={() => setExplains(true)}>
          {lieWords.open}
        </Button>
      )}
      {status.link === "update-app" && (
        <Button look="plain" size="small" onClick={() => setExplains(true)}>
          {tooOldWords.open}
        </Button>
      )}
      {explains && status.link === "update-app" && <TooOldDialog status={status} onClose={() => setExplains(false)} />}
      {explains && (status.lie ?? status.wentOn) !== undefined && (
        <LieDialog status={status} onClose={() => setExplains(false)} />
      )}
      {stuck && (
        <Button look="plain" size="small" onClick={() => attempt(() => request("workspace.reconnect", { wid }))}>
          {words.reconnect}
        </Button>
      )}
    </footer>
  );
};

/** A long one is one line until it is asked for: it may stand there all day. Screen readers have it whole. */
const Reason = ({
  said,
  whole,
  onCut,
  onGone,
}: {
  readonly said: string;
  readonly whole: boolean;
  readonly onCut: (cut: boolean) => void;
  readonly onGone: () => void;
}) => {
  // The next reason, which may come hours later, is short again.
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  useEffect(() => onGone, []);
  const line = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const { current } = line;
    if (current === null) return;
    const look = () => onCut(current.scrollWidth > current.clientWidth);
    const watch = new ResizeObserver(look);
    watch.observe(current);
    look();
    return () => {
      watch.disconnect();
      onCut(false);
    };
  }, [said, whole, onCut]);
  return (
    <span ref={line} className={whole ? "status-reason whole" : "status-reason"}>
      {" "}
      {said}
    </span>
  );
};

const HostAway = ({ state }: { readonly state: "connecting" | "lost" }) => (
  <footer className="status-line away">
    <p role="status" aria-label={words.name} className="status-bits grow">
      <span>
        <span className={`dot ${state === "lost" ? "off" : "running"}`} aria-hidden />
        <span> {linkWords[state]}</span>
      </span>
      <Bit>{linkWords.nothingSent}</Bit>
    </p>
  </footer>
);

/** Leads to the choice: Team says what it changes. */
const Joined = ({ wid }: { readonly wid: string }) => {
  const policy = useApproverJoined(wid);
  return policy === null ? null : (
    <Button look="plain" size="small" onClick={() => goTo({ page: "team", tab: "members" })}>
      {confirmWords.statusJoined(policy.others.map(visibleName))}
    </Button>
  );
};

/** Whoever waits for a role reads from whom. */
const PromiseBit = ({ wid }: { readonly wid: string }) => {
  const own = useOwnPromise(wid);
  return own === null || own.outcome !== null ? null : (
    <Bit>{ownPromiseWords.status(visibleName(own.roleName), own.who.map(visibleName))}</Bit>
  );
};

/** In a thread its own model; elsewhere the one that new threads get. */
const ModelBit = ({ byDefault }: { readonly byDefault: string | null }) => {
  const at = useRoute();
  return at.page === "thread" && at.thread !== null ? (
    <ThreadModel thread={at.thread} />
  ) : (
    <Bit>{byDefault ?? words.noModel}</Bit>
  );
};
const ThreadModel = ({ thread }: { readonly thread: string }) => {
  const view = useTopic("thread", thread);
  return view === undefined ? null : <Bit>{view.model?.name ?? words.noModel}</Bit>;
};

const Bit = ({ children }: { readonly children: string }) => (
  <span className="status-bit">
    <span aria-hidden> · </span>
    <span>{children}</span>
  </span>
);
