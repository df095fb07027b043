/** The page behind an invite link, in another language than English. */
import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import type { Hash, WorkspaceId } from "#core/protocol/ids.ts";
import { writeCode } from "#core/protocol/link.ts";
import { nodeCrypto } from "#node/crypto.ts";
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

test("the join page carries the same sign as the app's windows", () => {
  const shapes = (text: string): string[] =>
    [...text.matchAll(/<rect ([^>]*)\/>/g)].map(([, said = ""]) =>
      ["x", "y", "width", "height", "rx"].map((name) => new RegExp(`\\b${name}="([^"]*)"`).exec(said)?.[1]).join(" "),
    );
  const app = readFileSync(new URL("../../../renderer/parts/boundary.tsx", import.meta.url), "utf8");
  expect(shapes(app)).toHaveLength(2);
  expect(shapes(JOIN_PAGE)).toEqual(shapes(app));
});

/** What the page shows of a link's fragment: the code, or that it is not whole. */
const shownFor = (hash: string): { readonly broken: boolean; readonly open: string } => {
  const parts = new Map<string, { hidden: boolean; href: string; addEventListener: () => void }>();
  const part = (id: string) => {
    const found = parts.get(id) ?? { hidden: false, href: "", addEventListener: () => undefined };
    parts.set(id, found);
    return found;
  };
  const script = /<script>([\s\S]*?)<\/script>/.exec(JOIN_PAGE)?.[1] ?? "";
  const page = { document: { getElementById: part }, location: { hash }, addEventListener: () => undefined };
  runInNewContext(script, page);
  return { broken: !part("broken").hidden, open: part("open").href };
};

test("[IN10] the page takes every code that an app writes, and tells one that lost its end as not complete", () => {
  for (const server of ["https://sync.example.org", "http://127.0.0.1:4700", `https://${"a".repeat(60)}.example.org`]) {
    const head = [12, "H-_".repeat(14).concat("x") as Hash] as const;
    const code = writeCode(nodeCrypto, { wid: "W".repeat(22) as WorkspaceId, head, seed: "S".repeat(22), server });
    expect(shownFor(`#${code}`)).toEqual({ broken: false, open: `bulkhead://join#${code}` });
    for (let lost = 1; lost < code.length; lost++)
      expect([lost, shownFor(`#${code.slice(0, -lost)}`).broken]).toEqual([lost, true]);
  }
});

test("a text with signs of HTML in it stays a text", () => {
  const page = joinPage({ ...ENGLISH_JOIN_PAGE, open: `<b onclick="x">&`, code: `"><i>` });
  expect(page).toContain("&lt;b onclick=&quot;x&quot;>&amp;</a>");
  expect(page).toContain(`aria-label="&quot;>&lt;i>"`);
});
