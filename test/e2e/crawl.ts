/** Opens whatever a screen can open: presses each of its buttons once, and those of the dialog that comes. */
import type { Locator, Page } from "@playwright/test";
import { faultsOf, own, quiet } from "./shown.ts";
import type { Data } from "./shown.ts";

export interface Walk {
  readonly page: Page;
  readonly data: Data;
  /** Every text that was shown, for the list of texts that nobody saw. */
  readonly seen: Set<string>;
  /** What was wrong: the fault, and where it was met first. */
  readonly faults: Map<string, string>;
  /** Dialogs in which everything was pressed, by their titles. */
  readonly crawled: Set<string>;
}

export const WIDE = { width: 1_280, height: 800 };
const NARROW = { width: 800, height: 800 };
/** A window of its own has its own size. */
const POPUP_MAX = 600;
/** What opens something, or shows another part. */
const PRESSED = 'button, [role="tab"], summary';
const PRESS_MS = 4_000;

/** Looks at a screen as it stands, wide and narrow. */
export const lookAt = async (walk: Walk, where: string): Promise<void> => {
  const { page } = walk;
  await lookOnce(walk, where);
  const size = page.viewportSize();
  if (size === null || size.width < POPUP_MAX) return;
  await page.setViewportSize(NARROW);
  await lookOnce(walk, `${where}, narrow`);
  await page.setViewportSize(size);
};

const lookOnce = async ({ page, data, seen, faults }: Walk, where: string): Promise<void> => {
  await quiet(page);
  for (const fault of await faultsOf(page, data, seen)) if (!faults.has(fault)) faults.set(fault, where);
};

export interface Crawl {
  readonly where: string;
  /** What is pressed in. */
  readonly region: (page: Page) => Locator;
  /** Returns to the screen from wherever a press led. */
  readonly back: () => Promise<void>;
  /** Names that are never pressed. */
  readonly not: readonly string[];
}

/** Presses everything in a screen once, and once everything in each dialog that comes. */
export const crawl = async (walk: Walk, { where, region, back, not }: Crawl): Promise<void> => {
  const { page } = walk;
  const pressed = pressing(walk.data, not);
  await back();
  await lookAt(walk, where);
  for (let next = await pressed.next(region(page)); next !== null; next = await pressed.next(region(page))) {
    const { name } = next;
    await pressIfReady(next.locator);
    await lookAt(walk, `${where} > ${name}`);
    if (await page.getByRole("menu").isVisible()) await crawlMenu(walk, `${where} > ${name}`, next.locator);
    else if (await dialog(page).isVisible()) await crawlDialog(walk, `${where} > ${name}`, next.locator, not);
    await leave(page);
    await back();
  }
};

/** Every entry of an open menu, which `trigger` opens again. */
const crawlMenu = async (walk: Walk, where: string, trigger: Locator): Promise<void> => {
  const items = walk.page.getByRole("menuitem");
  const names = await items.allTextContents();
  for (const [index, name] of names.entries()) {
    if (!(await walk.page.getByRole("menu").isVisible())) await pressIfReady(trigger);
    await pressIfReady(items.nth(index));
    await lookAt(walk, `${where} > ${name}`);
    await leave(walk.page);
  }
};

const crawlDialog = async (walk: Walk, where: string, trigger: Locator, not: readonly string[]): Promise<void> => {
  const said = await dialog(walk.page).evaluate((element) => (element.querySelector("h1, h2") ?? element).textContent);
  const title = own(said, walk.data);
  if (walk.crawled.has(title)) return;
  walk.crawled.add(title);
  const pressed = pressing(walk.data, not);
  for (let next = await pressed.next(dialog(walk.page)); next !== null;) {
    await pressIfReady(next.locator);
    await lookAt(walk, `${where} > ${next.name}`);
    if ((await walk.page.locator('[role="listbox"], [role="menu"]').count()) > 0)
      await walk.page.keyboard.press("Escape");
    if (!(await dialog(walk.page).isVisible())) await pressIfReady(trigger);
    next = (await dialog(walk.page).isVisible()) ? await pressed.next(dialog(walk.page)) : null;
  }
};

const dialog = (page: Page): Locator => page.locator('[role="dialog"], [role="alertdialog"]').last();
const OPEN = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';

/** Presses what is there, or comes. */
export const press = async (locator: Locator): Promise<void> => {
  await locator.click();
  await quiet(locator.page());
};

/** What is not there, or cannot be pressed now, is passed over: it was seen all the same. */
export const pressIfReady = async (locator: Locator): Promise<void> => {
  await quiet(locator.page());
  if (!(await locator.isVisible()) || !(await locator.isEnabled())) return;
  await locator.click({ timeout: PRESS_MS }).catch((error: unknown) => {
    if (!(error instanceof Error && error.name === "TimeoutError")) throw error;
  });
  await quiet(locator.page());
};

/** Until nothing lies over the page any more. What was typed in a dialog is let go. */
export const leave = async (page: Page): Promise<void> => {
  for (let n = 0; n < 5 && (await page.locator(OPEN).count()) > 0; n++) {
    await page.keyboard.press("Escape");
    await quiet(page);
  }
};

interface Pressable {
  readonly name: string;
  readonly locator: Locator;
}

/** So many of what differs by data alone: the rows of a list, the roles of its people. */
const ALIKE = 2;

/** What is still to be pressed, one after the other: each name once, and of those that say the same of other data only some. */
const pressing = (data: Data, not: readonly string[]) => {
  const pressed = new Set(not);
  const alike = new Map<string, number>();
  return {
    next: async (region: Locator): Promise<Pressable | null> => {
      const all = region.locator(PRESSED);
      const found = await all.evaluateAll((elements) =>
        elements.map((element): [name: string, kind: string] => [
          element.checkVisibility() && !element.matches(":disabled")
            ? (element.getAttribute("aria-label") ?? element.textContent ?? "")
            : "",
          `${element.tagName}.${element.className}`,
        ]),
      );
      for (const [index, [name, kind]] of found.entries()) {
        if (name === "" || pressed.has(name)) continue;
        const of = `${kind} ${own(name, data)}`;
        const before = alike.get(of) ?? 0;
        pressed.add(name);
        alike.set(of, before + 1);
        if (before < ALIKE) return { name, locator: all.nth(index) };
      }
      return null;
    },
  };
};
