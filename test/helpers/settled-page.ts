import type { Page } from "@playwright/test";

/**
 * Until a page stands still in that theme: its fonts are there and nothing moves but what moves for ever. What axe reads in
 * the middle of a change, or before it, is not what a person sees.
 */
export const settled = async (page: Page, theme: "light" | "dark"): Promise<void> => {
  await page.waitForFunction((wanted) => {
    const moves = document
      .getAnimations()
      .some((each) => each.playState === "running" && Number.isFinite(each.effect?.getComputedTiming().endTime));
    return document.documentElement.dataset["theme"] === wanted && document.fonts.status === "loaded" && !moves;
  }, theme);
};
