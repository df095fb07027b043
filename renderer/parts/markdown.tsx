/**
 * Markdown as it streams in. Raw HTML stays text, pictures are named but never loaded, and a link first shows where it
 * leads: the text was written by a model that may repeat what a hostile page told it.
 */
import { ExternalLink, ImageOff } from "lucide-react";
import { memo, useState, type ComponentProps } from "react";
import { defaultRehypePlugins, Streamdown, type Components } from "streamdown";
import { prose } from "#bridge/plain-text.ts";
import { copyText, openLink } from "../state/shell.ts";
import { commonWords } from "../text/common.ts";
import { markdownWords as words } from "../text/thread.ts";
import { Button } from "./basic.tsx";
import { CopyButton } from "./copy-button.tsx";
import { Dialog } from "./dialog.tsx";

const LINKS = /^(?:https?|mailto):/i;

const Anchor = ({ href, children }: ComponentProps<"a"> & { node?: unknown }) => {
  const [open, setOpen] = useState(false);
  if (href === undefined || !LINKS.test(href)) return <span>{children}</span>;
  return (
    <>
      <button type="button" className="link" title={href} onClick={() => setOpen(true)}>
        {children}
      </button>
      <Dialog open={open} onClose={() => setOpen(false)} title={words.linkTitle} description={words.linkWhy}>
        <pre className="scroll-text" tabIndex={0}>
          {href}
        </pre>
        <div className="dialog-foot">
          <Button onClick={() => void copyText(href)}>{commonWords.copy}</Button>
          <Button
            look="primary"
            icon={<ExternalLink className="icon" aria-hidden />}
            onClick={() => {
              openLink(href);
              setOpen(false);
            }}
          >
            {words.openLink}
          </Button>
        </div>
      </Dialog>
    </>
  );
};

const Picture = ({ alt }: ComponentProps<"img"> & { node?: unknown }) => (
  <span className="chip">
    <ImageOff className="icon small" aria-hidden />
    {words.picture(alt ?? "")}
  </span>
);

const Pre = ({ children }: ComponentProps<"pre"> & { node?: unknown }) => (
  <div className="code-block">
    <CopyButton text={() => textOf(children)} name={words.copyCode} />
    <pre tabIndex={0}>{children}</pre>
  </div>
);

const textOf = (node: unknown): string => {
  if (typeof node === "string") return node;
  if (Array.isArray(node)) return node.map(textOf).join("");
  if (typeof node === "object" && node !== null && "props" in node)
    return textOf((node.props as { children?: unknown }).children);
  return "";
};

const plain =
  (
    Tag:
      | "h3"
      | "h4"
      | "h5"
      | "p"
      | "ul"
      | "ol"
      | "li"
      | "blockquote"
      | "code"
      | "hr"
      | "strong"
      | "em"
      | "del"
      | "thead"
      | "tbody"
      | "tr"
      | "th"
      | "td",
  ) =>
  ({ children, start }: { readonly children?: React.ReactNode; readonly start?: number | undefined }) =>
    Tag === "hr" ? <hr /> : Tag === "ol" ? <ol start={start}>{children}</ol> : <Tag>{children}</Tag>;

const Table = ({ children }: ComponentProps<"table"> & { node?: unknown }) => (
  <div className="table-scroll" tabIndex={0} role="region" aria-label={words.table}>
    <table>{children}</table>
  </div>
);

// The page's own headings are h1 and h2, so a message's headings start below them.
const components = {
  a: Anchor,
  img: Picture,
  pre: Pre,
  table: Table,
  code: plain("code"),
  inlineCode: plain("code"),
  h1: plain("h3"),
  h2: plain("h3"),
  h3: plain("h4"),
  h4: plain("h4"),
  h5: plain("h5"),
  h6: plain("h5"),
  p: plain("p"),
  ul: plain("ul"),
  ol: plain("ol"),
  li: plain("li"),
  blockquote: plain("blockquote"),
  hr: plain("hr"),
  strong: plain("strong"),
  em: plain("em"),
  del: plain("del"),
  thead: plain("thead"),
  tbody: plain("tbody"),
  tr: plain("tr"),
  th: plain("th"),
  td: plain("td"),
} as Components;

// Without the `raw` plugin a tag in the text is never parsed as HTML.
const safe = [defaultRehypePlugins["sanitize"]].filter((plugin) => plugin !== undefined);

export const Markdown = memo(({ text, streaming }: { readonly text: string; readonly streaming: boolean }) => (
  <Streamdown
    className="markdown"
    mode={streaming ? "streaming" : "static"}
    rehypePlugins={safe}
    components={components}
    controls={false}
    isAnimating={false}
  >
    {prose(text)}
  </Streamdown>
));
