/** Opens whatever a screen can open: presses each of its buttons once, and those of the dialog that comes. */
import type { Locator, Page } from "@playwright/test";
import { faultsOf, quiet } from "./shown.ts";
import type { Data } from "./shown.ts";

export interface Walk {
  readonly page: Page;
  readonly data: Data;
  /** Every text that was shown, for the list of texts that nobody saw. */
  readonly seen: Set<string>;
  /** What was wrong: the fault, and where it was met first. */
  readonly faults: Map<string, string>;
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
  await drawn(page);
  await lookOnce(walk, `${where}, narrow`);
  await page.setViewportSize(size);
  await drawn(page);
};

/** Until what hangs on the window's size was asked anew: that happens with the next frame, and not with the size. */
const drawn = (page: Page): Promise<void> =>
  page.evaluate(() => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));

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
  const pressed = new Set(not);
  await back();
  await lookAt(walk, where);
  for (let next = await nextIn(region(page), pressed); next !== null; next = await nextIn(region(page), pressed)) {
    const { name } = next;
    pressed.add(name);
    await press(next.locator);
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
    if (!(await walk.page.getByRole("menu").isVisible())) await press(trigger);
    await press(items.nth(index));
    await lookAt(walk, `${where} > ${name}`);
    await leave(walk.page);
  }
};

const crawlDialog = async (walk: Walk, where: string, trigger: Locator, not: readonly string[]): Promise<void> => {
  const pressed = new Set(not);
  for (let next = await nextIn(dialog(walk.page), pressed); next !== null;) {
    pressed.add(next.name);
    await press(next.locator);
    await lookAt(walk, `${where} > ${next.name}`);
    if ((await walk.page.locator('[role="listbox"], [role="menu"]').count()) > 0)
      await walk.page.keyboard.press("Escape");
    if (!(await dialog(walk.page).isVisible())) await press(trigger);
    next = (await dialog(walk.page).isVisible()) ? await nextIn(dialog(walk.page), pressed) : null;
  }
};

const dialog = (page: Page): Locator => page.locator('[role="dialog"], [role="alertdialog"]').last();
const OPEN = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';

/** What cannot be pressed now is passed over: it was seen all the same. */
export const press = async (locator: Locator): Promise<void> => {
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

const nextIn = async (region: Locator, pressed: ReadonlySet<string>): Promise<Pressable | null> => {
  for (const locator of await region.locator(PRESSED).all()) {
    const [name, ready] = await locator
      .evaluate((element): [string, boolean] => [
        element.getAttribute("aria-label") ?? element.textContent ?? "",
        element.checkVisibility() && !element.matches(":disabled"),
      ])
      .catch((): [string, boolean] => ["", false]);
    if (ready && name !== "" && !pressed.has(name)) return { name, locator };
  }
  return null;
};
