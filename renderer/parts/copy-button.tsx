/** Copies a text and says so for a moment. */
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { saidFailed } from "../state/toasts.ts";
import { copyText } from "../state/shell.ts";
import { commonWords as words } from "../text/common.ts";
import { Button } from "./basic.tsx";

const SHOWN_MS = 1_500;

export const CopyButton = ({
  text,
  name,
  withWord,
}: {
  readonly text: () => string;
  readonly name: string;
  readonly withWord?: boolean;
}) => {
  const [copied, setCopied] = useState(false);
  const copy = () =>
    copyText(text()).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), SHOWN_MS);
    }, saidFailed);
  return (
    <Button
      look={withWord === true ? undefined : "plain"}
      size={withWord === true ? undefined : "small"}
      className={withWord === true ? "" : "icon-only copy"}
      aria-label={name}
      title={name}
      onClick={() => void copy()}
    >
      {copied ? <Check className="icon small" aria-hidden /> : <Copy className="icon small" aria-hidden />}
      {withWord === true && (copied ? words.copied : name)}
    </Button>
  );
};
