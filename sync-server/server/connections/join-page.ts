/**
 * The page behind an invite link. It is the same for everybody: the invite is in the fragment, which a browser never
 * sends, and only the script on this page reads it. It loads nothing, so there is nobody else to tell.
 */
import { createHash } from "node:crypto";
import { CODE_SHAPE, LINK_MAX } from "#core/protocol/link.ts";
import { ENGLISH_JOIN_PAGE } from "./join-page-words.ts";
import type { JoinPageWords } from "./join-page-words.ts";

const STYLE = `
:root { color-scheme: light dark; --ground: #f6f6f5; --sheet: #ffffff; --line: #dcdcda; --ink: #1c1d1f; --quiet: #5c5f66; --accent: #1f5fbf; --on-accent: #ffffff; --well: #f1f1ef; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #17181a; --sheet: #1f2123; --line: #36393d; --ink: #ececea; --quiet: #a3a7ae; --accent: #8ab4ff; --on-accent: #10203c; --well: #17181a; }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px 16px; background: var(--ground); color: var(--ink); font: 14px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { width: 100%; max-width: 480px; padding: 28px; background: var(--sheet); border: 1px solid var(--line); border-radius: 6px; }
.mark { display: flex; align-items: center; gap: 8px; margin: 0 0 20px; color: var(--quiet); font-size: 13px; }
.mark svg { flex: none; }
h1 { margin: 0 0 8px; font-size: 20px; line-height: 1.3; font-weight: 600; }
h2 { margin: 24px 0 4px; font-size: 14px; font-weight: 600; }
p { margin: 0 0 12px; color: var(--quiet); }
.open { display: block; margin: 20px 0 4px; padding: 10px 16px; border-radius: 6px; background: var(--accent); color: var(--on-accent); font-weight: 600; text-align: center; text-decoration: none; }
.code { display: flex; gap: 8px; align-items: stretch; }
code { flex: 1; min-width: 0; max-height: 84px; overflow: auto; padding: 8px 10px; border: 1px solid var(--line); border-radius: 6px; background: var(--well); font: 12px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; user-select: all; }
button { padding: 0 14px; border: 1px solid var(--line); border-radius: 6px; background: var(--sheet); color: var(--ink); font: inherit; cursor: pointer; }
a:focus-visible, button:focus-visible, code:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.note { margin: 20px 0 0; padding-top: 16px; border-top: 1px solid var(--line); font-size: 13px; }
`;

const SCRIPT = `
const part = (id) => document.getElementById(id);
const read = () => {
  const code = location.hash.slice(1);
  const fits = code.length <= ${LINK_MAX} && /${CODE_SHAPE.source}/.test(code);
  part("invited").hidden = !fits;
  part("broken").hidden = fits;
  if (!fits) return;
  part("code").textContent = code;
  part("open").href = "bulkhead://join#" + code;
};
const copy = async () => {
  const button = part("copy");
  try {
    await navigator.clipboard.writeText(part("code").textContent);
    button.textContent = button.dataset.copied;
  } catch {
    getSelection().selectAllChildren(part("code"));
    button.textContent = button.dataset.selected;
  }
  setTimeout(() => { button.textContent = button.dataset.copy; }, 2000);
};
part("copy").addEventListener("click", copy);
addEventListener("hashchange", read);
read();
`;

/** The page in a language. Its script and style are the same in all, so one policy names them. */
export const joinPage = (words: JoinPageWords): string => {
  const say = (text: keyof JoinPageWords): string => escaped(words[text]);
  return `<!doctype html>
<html lang="${say("lang")}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${say("title")}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<p class="mark"><svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5" aria-hidden="true"><rect x="1.75" y="1.75" width="12.5" height="12.5" rx="2"/><rect x="5.25" y="5.25" width="5.5" height="5.5" rx="0.75" fill="currentColor" stroke="none"/></svg>Bulkhead</p>
<div id="invited" hidden>
<h1>${say("invited")}</h1>
<p>${say("invitedWhy")}</p>
<a class="open" id="open" href="#">${say("open")}</a>
<h2>${say("notOpened")}</h2>
<p>${say("paste")}</p>
<div class="code"><code id="code" tabindex="0" aria-label="${say("code")}"></code><button type="button" id="copy" aria-live="polite" data-copy="${say("copy")}" data-copied="${say("copied")}" data-selected="${say("selected")}">${say("copy")}</button></div>
<h2>${say("notThere")}</h2>
<p>${say("getIt")}</p>
<p class="note">${say("key")}</p>
</div>
<div id="broken" hidden>
<h1>${say("broken")}</h1>
<p>${say("brokenWhy")}</p>
</div>
<noscript><h1>${say("noScript")}</h1><p>${say("noScriptWhy")}</p></noscript>
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
};

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", '"': "&quot;" };
const escaped = (text: string): string => text.replace(/[&<"]/g, (each) => ESCAPES[each] ?? each);

export const JOIN_PAGE = joinPage(ENGLISH_JOIN_PAGE);

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;

export const JOIN_PAGE_POLICY = `default-src 'none'; script-src ${hashOf(SCRIPT)}; style-src ${hashOf(STYLE)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
