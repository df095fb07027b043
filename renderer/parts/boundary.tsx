/** The boundary mark: on which side of the wall a text is. It stands beside every text that somebody might read. */
import { Popover } from "radix-ui";
import type { ReactNode } from "react";
import { boundaryWords as words } from "../text/common.ts";

export type Side = "private" | "leaves" | "sealed";

/** A closed compartment, or one with a way out. Drawn here, since this is the one sign of the product. */
export const BoundaryIcon = ({ side }: { readonly side: Side }) => (
  <svg
    className="icon small"
    viewBox="0 0 16 16"
    fill="none"
    stroke="currentColor"
    strokeLinejoin="round"
    strokeLinecap="round"
    aria-hidden
  >
    {side === "private" ? (
      <>
        <rect x="1.75" y="1.75" width="12.5" height="12.5" rx="2" />
        <rect x="5.25" y="5.25" width="5.5" height="5.5" rx="0.75" fill="currentColor" stroke="none" />
      </>
    ) : (
      <>
        <path d="M9 1.75H3.75a2 2 0 0 0-2 2v8.5a2 2 0 0 0 2 2h8.5a2 2 0 0 0 2-2V9" />
        <path d="M7 9l7-7M10.5 1.75h3.75V5.5" />
      </>
    )}
  </svg>
);

interface BoundaryProps {
  readonly side: Side;
  readonly text: string;
  /** What exactly stays or leaves; opens on a click. */
  readonly detail?: ReactNode;
}

export const Boundary = ({ side, text, detail }: BoundaryProps) => {
  const body = (
    <>
      <BoundaryIcon side={side} />
      <span className="cut">{text}</span>
    </>
  );
  if (detail === undefined) return <span className={`boundary ${side}`}>{body}</span>;
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button type="button" className={`boundary ${side}`}>
          {body}
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="popover"
          side="top"
          align="start"
          sideOffset={6}
          collisionPadding={8}
          aria-label={text}
        >
          {detail}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
};

/** Of a thread as a whole: what its model was sent has left the wall around this computer, and not the one around the person. */
export const ThreadBoundary = () => <Boundary side="private" text={words.thread} detail={<p>{words.threadWhy}</p>} />;
export const PrivateBoundary = () => (
  <Boundary side="private" text={words.private} detail={<p>{words.privateWhy}</p>} />
);
