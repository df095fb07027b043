/**
 * The built windows against a stand-in for shell and host, in the made-up language: for what real parts reach only by
 * long ways or rarely. Its values are a person's data or go through the same texts, so the same faults are found.
 */
import { resolve } from "node:path";
import type { Browser, Page } from "@playwright/test";
import { methods, topics } from "#bridge/contract.ts";
import { PSEUDO, pseudoText } from "#text/pseudo.ts";
import { startRendererHost } from "../fixtures/renderer-host.ts";
import type { RendererHost } from "../fixtures/renderer-host.ts";
import { answers, values, WID } from "../fixtures/renderer-values.ts";
import type { Scene } from "../fixtures/renderer-values.ts";
import { FACTS } from "../unit/renderer/fact-samples/every-fact.ts";
import { WIDE } from "./crawl.ts";
import type { Walk } from "./crawl.ts";
import { counted } from "./page-rest.ts";
import { asMessages, MESSAGES } from "./scene-values.ts";
import { GIVEN, NAMES, PATTERNS, strings } from "./pseudo-team.ts";

const BUILT = resolve("build/renderer");
const PATIENCE_MS = 15_000;
const SPEECH = { tag: PSEUDO.language.tag, says: (sentence: string) => pseudoText(sentence) };

export interface Staged {
  readonly scene?: Scene;
  /** After the origin. */
  readonly path?: string;
  /** Before the page opens. */
  readonly before?: (host: RendererHost, page: Page) => Promise<void> | void;
}

export interface Stage {
  readonly seen: Set<string>;
  readonly faults: Map<string, string>;
  /** Shows this on a host of its own, in a page that begins anew. */
  show(staged: Staged, use: (walk: Walk, host: RendererHost) => Promise<void>): Promise<void>;
}

/** How many pages are shown side by side: while one waits for its next frame, another one is drawn. */
const LANES = 3;

/** Walks all of these, some side by side. The pages stay open from scene to scene: to open one costs more than to look at it. */
export const onStage = async (
  browser: Browser,
  seen: Set<string>,
  walks: readonly ((stage: Stage) => Promise<void>)[],
  step: (name: string, walk: () => Promise<void>) => Promise<void>,
): Promise<ReadonlyMap<string, string>> => {
  const faults = new Map<string, string>();
  const left = [...walks];
  const lane = async (): Promise<void> => {
    const page = await openLane(browser);
    const origin = { port: 0 };
    const stage: Stage = { seen, faults, show: (staged, use) => showIn({ page, origin, seen, faults }, staged, use) };
    for (let walk = left.shift(); walk !== undefined; walk = left.shift()) {
      const next = walk;
      await step(next.name, () => next(stage));
    }
    await page.context().close();
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return faults;
};

const openLane = async (browser: Browser): Promise<Page> => {
  const context = await browser.newContext({ viewport: WIDE, reducedMotion: "reduce" });
  await counted(context);
  // What a scene kept is none of the next one's.
  await context.addInitScript(() => {
    if (location.protocol !== "http:") return;
    sessionStorage.clear();
    localStorage.clear();
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  return page;
};

interface Lane {
  readonly page: Page;
  /** The port of the first host, which the others take over: so the browser knows the files already. */
  readonly origin: { port: number };
  readonly seen: Set<string>;
  readonly faults: Map<string, string>;
}

const showIn = async (
  { page, origin, seen, faults }: Lane,
  { scene = "full", path = "/#token=one", before }: Staged,
  use: (walk: Walk, host: RendererHost) => Promise<void>,
): Promise<void> => {
  const host = await startRendererHost(BUILT, scene, SPEECH, origin.port);
  origin.port = Number(new URL(host.origin).port);
  try {
    await page.setViewportSize(WIDE);
    if (scene === "full") asMessages(host, MESSAGES);
    await before?.(host, page);
    await page.goto(host.origin + path);
    await use({ page, data: DATA, seen, faults, crawled: new Set() }, host);
  } finally {
    await page.goto("about:blank");
    // Whatever can be pressed is pressed, also what the stand-in has no answer for: it refuses that in words.
    await host.close().catch(() => undefined);
  }
};

/** What the values hold that is shown as it is. Words of one kind among several ("waiting") are for programs alone. */
const KIND = /^[a-z][a-zA-Z-]*$/;
const SHOWN = [
  "write_file",
  "read_text_file",
  "move_file",
  "list_directory",
  "run_query",
  "example",
  "postgres",
  "path",
  "content",
  "overwrite",
  "source",
  "destination",
  "pth",
  "sql",
  "limit",
  "true",
  "false",
  // Kinds of values, and how often: a sentence is given them, and says them in its own words.
  "mode",
  "tags",
  "backup",
  "text",
  "binary",
  "more",
  "x.example.com",
  "El⟨U+0456⟩",
  "filesyst⟨U+0435⟩m",
  "npx",
  "HOME",
  "pg-mcp",
  "Browser shell on",
  "number",
  "texts",
  "twice",
  "confirm",
  "delete from sessions where created_at < now() - interval '30 days'",
];
/** Lines of the file that a call would write. */
const LINE = String.raw`server_\w+ \{[^}]*\}?`;
const dataOfScene = (scene: Scene): string[] => [
  ...Object.keys(topics).flatMap((kind) =>
    strings(values(scene, kind as keyof typeof topics, kind === "thread" ? "t1" : WID)),
  ),
  ...Object.keys(methods).flatMap((method) => strings(answers(scene, method as keyof typeof methods, {}))),
  ...["r1", "r2", "r3", "r6"].flatMap((request) => strings(answers(scene, "card.get", { request }))),
];
const DATA = {
  texts: [
    ...new Set([
      ...NAMES,
      ...GIVEN,
      ...SHOWN,
      ...strings(FACTS).filter((text) => text.startsWith("N")),
      ...(["first-run", "fresh", "full"] as const).flatMap(dataOfScene).filter((text) => !KIND.test(text)),
    ]),
  ].filter((each) => /[A-Za-z]{2}/.test(each)),
  patterns: [...PATTERNS, LINE],
};
