/** One message: text, tool calls and errors in the order they happened. */
import { RotateCcw } from "lucide-react";
import { memo } from "react";
import type { MessageView, Part } from "#bridge/thread.ts";
import { Button, Problem } from "../../parts/basic.tsx";
import { CallCard } from "../../parts/call-card.tsx";
import { Markdown } from "../../parts/markdown.tsx";
import { When } from "../../parts/time.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { threadWords as words } from "../../text/thread.ts";

export const Message = memo(
  ({ wid, message, found }: { readonly wid: string; readonly message: MessageView; readonly found: boolean }) => (
    <article
      className={`message ${message.from}${found ? " found" : ""}`}
      aria-label={message.from === "person" ? words.you : words.agent}
      aria-busy={message.streaming}
    >
      <header className="row">
        <span className="message-from">{message.from === "person" ? words.you : words.agent}</span>
        <span className="faint">
          <When at={message.at} here />
        </span>
      </header>
      {message.parts.map((part, index) => (
        <PartView key={index} wid={wid} part={part} message={message} last={index === message.parts.length - 1} />
      ))}
    </article>
  ),
);

const PartView = ({
  wid,
  part,
  message,
  last,
}: {
  readonly wid: string;
  readonly part: Part;
  readonly message: MessageView;
  readonly last: boolean;
}) => {
  switch (part.kind) {
    case "text":
      // What a person wrote is shown as written; only the agent speaks Markdown.
      return message.from === "person" ? (
        <p className="said">{part.text}</p>
      ) : (
        <Markdown text={part.text} streaming={message.streaming && last} />
      );
    case "call":
      return <CallCard call={part.call} wid={wid} thread={message.threadId} direct={message.from === "person"} />;
    case "error":
      return <ErrorPart part={part} thread={message.threadId} />;
  }
};

const ErrorPart = ({ part, thread }: { readonly part: Extract<Part, { kind: "error" }>; readonly thread: string }) => {
  const action = useAction();
  return (
    <div className="row wrap error-part">
      <div className="grow">
        <Problem error={part.error} />
      </div>
      {part.retry && (
        <Button
          size="small"
          busy={action.busy}
          icon={<RotateCcw className="icon small" aria-hidden />}
          onClick={() => void action.run(() => request("thread.retry", { thread }))}
        >
          {words.retry}
        </Button>
      )}
    </div>
  );
};
