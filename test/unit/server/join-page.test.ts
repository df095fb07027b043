/** The page behind an invite link, in another language than English. */
import { expect, test } from "vitest";
import { OPEN, pseudo, SHUT } from "#text/pseudo.ts";
import { JOIN_PAGE, joinPage } from "../../../sync-server/server/connections/join-page.ts";
import { ENGLISH_JOIN_PAGE } from "../../../sync-server/server/connections/join-page-words.ts";

/** What is read of a page: its texts and the names of its parts, without script and style. */
const read = (page: string): string[] => {
  const body = page.replaceAll(/<(script|style)>[\s\S]*?<\/\1>/g, "");
  const texts = body.split(/<[^>]*>/);
  const names = [...body.matchAll(/ (?:aria-label|data-\w+)="([^"]*)"/g)].map(([, name]) => name ?? "");
  return [...texts, ...names].map((text) => text.trim()).filter((text) => /\p{L}/u.test(text) && text !== "Bulkhead");
};

test("every text of the join page is of its language, and the script says none of its own", () => {
  const page = joinPage({ ...pseudo(ENGLISH_JOIN_PAGE), lang: "en-XA" });
  expect(page).toContain('<html lang="en-XA">');
  const texts = read(page);
  expect(texts.length).toBe(read(JOIN_PAGE).length);
  expect(texts.filter((text) => !(text.startsWith(OPEN) && text.endsWith(SHUT)))).toEqual([]);
  const script = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? "";
  expect(script.match(/textContent = [^;]*/g)).toEqual([
    "textContent = code",
    "textContent = button.dataset.copied",
    "textContent = button.dataset.selected",
    "textContent = button.dataset.copy",
  ]);
});

test("a text with signs of HTML in it stays a text", () => {
  const page = joinPage({ ...ENGLISH_JOIN_PAGE, open: `<b onclick="x">&`, code: `"><i>` });
  expect(page).toContain("&lt;b onclick=&quot;x&quot;>&amp;</a>");
  expect(page).toContain(`aria-label="&quot;>&lt;i>"`);
});
