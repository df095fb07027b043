/** A team whose apps speak the made-up language, its windows, and what in them is no text of the app's own. */
import type { Browser, Locator, Page } from "@playwright/test";
import { pseudo, pseudoText as p } from "#text/pseudo.ts";
import { LANGUAGE_VARIABLE } from "#text/words.ts";
import { openTeam } from "../helpers/world.ts";
import type { Person, Team, World } from "../helpers/world.ts";
import { sideWords } from "../../renderer/text/app.ts";
import { leave, WIDE } from "./crawl.ts";
import type { Walk } from "./crawl.ts";
import { counted } from "./page-rest.ts";
import { openPage } from "./pages.ts";
import type { Data } from "./shown.ts";

const SPEAKING = { env: { [LANGUAGE_VARIABLE]: "en-XA" } };
const POPUP = { width: 440, height: 560 };
const side = pseudo(sideWords);

/** Names that people gave, or that every workspace begins with. The product's own name is one too. */
export const NAMES = [
  "Ada",
  "Ben",
  "Cleo",
  "Laptop",
  "Harbour",
  "harbour",
  "Tide",
  "Quay",
  "filesystem",
  "Scripted",
  "scripted",
];
export const GIVEN = ["Bulkhead", "Owner", "Admin", "Member", "Guest", "Approvers", "Approver", "Auditor", "test"];

/** Addresses, paths, ids, keys, files and systems. */
export const PATTERNS = [
  "\\b[a-z]+://[^\\s⟧]*",
  "[\\w-]*(?:/[\\w.@-]+)+",
  "\\b[\\w-]{20,}\\b",
  "\\b1\\.[\\w.-]{40,}",
  "\\b(?:Ctrl|Alt|Enter|Esc|Shift|Electron|Node|linux|x64)\\b",
  "\\b[\\w-]+\\.(?:jsonl|csv|json|txt|log)\\b",
  "\\b\\d+\\.\\d+\\.\\d+[\\w.-]*",
];

export interface Speaking {
  readonly team: Team;
  readonly person: World["person"];
  readonly faults: ReadonlyMap<string, string>;
  /** Somebody's window. */
  open(person: Person): Promise<Walk>;
  /** The window that a press opens. */
  popup(walk: Walk, pressed: Locator): Promise<Walk>;
}

export const openSpeaking = async (world: World, browser: Browser, seen: Set<string>): Promise<Speaking> => {
  const person: World["person"] = (name, options) => world.person(name, { ...options, ...SPEAKING });
  const team = await openTeam({ ...world, person });
  const data = await dataOf(world, team);
  const faults = new Map<string, string>();
  const crawled = new Set<string>();
  return {
    team,
    person,
    faults,
    open: async ({ app }) => {
      const options = { reducedMotion: "reduce", viewport: WIDE, acceptDownloads: true } as const;
      const page = await openPage(browser, app, options, counted);
      return { page, data, seen, faults, crawled };
    },
    popup: async (walk, pressed) => {
      const [page] = await Promise.all([walk.page.waitForEvent("popup"), pressed.click()]);
      await page.waitForURL(/popup/);
      await page.getByRole("main").waitFor();
      await page.setViewportSize(POPUP);
      return { ...walk, page };
    },
  };
};

export const strings = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => [...(Array.isArray(value) ? [] : [key]), ...strings(each)]);
};

const dataOf = async (world: World, { ada, wid }: Team): Promise<Data> => {
  const { servers } = await ada.rpc.when("tools", wid, (view) => view.servers.every(({ tools }) => tools.length > 0));
  // What tools say of themselves, and their arguments.
  const tools = servers.flatMap((each) =>
    each.tools.flatMap(({ name, title, description, inputSchema }) => strings([name, title, description, inputSchema])),
  );
  return {
    texts: [...NAMES, ...GIVEN, world.dir, ...tools].filter((each) => /[A-Za-z]{2}/.test(each)),
    patterns: PATTERNS,
  };
};

export const section = async (page: Page, name: string): Promise<void> => {
  await leave(page);
  await page
    .getByRole("navigation", { name: side.navigation })
    .getByRole("button", { name: p(name) })
    .first()
    .click();
};
/** How a name begins that goes on with somebody's data. */
export const beginning = (text: string): RegExp =>
  new RegExp(`^${p(text).split(" ", text.split(" ").length).join(" ")}`);
export const button = (page: Page | Locator, name: string): Locator =>
  page.getByRole("button", { name: p(name) }).first();
export const field = (page: Page | Locator, name: string): Locator =>
  page.getByRole("textbox", { name: p(name) }).first();
