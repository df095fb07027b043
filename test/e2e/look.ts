/** Looking at a screen: its picture, what axe says of it, and what the browser itself complains about. */
import { cpSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { settled } from "../helpers/settled-page.ts";
import { expect } from "./fixtures.ts";

const PICTURES = resolve("test-results/pictures");
/** With BULKHEAD_PICTURES=docs these also go to the README: the screens that it shows. */
const FOR_README =
  process.env["BULKHEAD_PICTURES"] === "docs" ? ["thread-waiting-light.png", "card-light.png", "audit-light.png"] : [];

/** Problems that the browser itself reports: errors, refused resources, broken content security policy. */
export const complaintsOf = (page: Page): string[] => {
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  return complaints;
};

/** Takes the picture and lets axe look. */
export const look = async (page: Page, name: string, theme: "light" | "dark"): Promise<void> => {
  mkdirSync(PICTURES, { recursive: true });
  await settled(page, theme);
  const file = `${name}-${theme}.png`;
  await page.screenshot({ path: join(PICTURES, file), animations: "disabled" });
  if (FOR_README.includes(file)) cpSync(join(PICTURES, file), resolve("docs/pictures", file));
  // A button that becomes ready while axe reads would be read half way between its two colours, which nobody sees standing.
  await page.emulateMedia({ reducedMotion: "reduce" });
  await settled(page, theme);
  const { violations } = await new AxeBuilder({ page }).analyze();
  await page.emulateMedia({ reducedMotion: "no-preference" });
  expect(violations.map((one) => `${name} ${theme}: ${one.id}: ${one.nodes.map(saysOf).join(", ")}`)).toEqual([]);
};

/** Where, and what of it: the two colours, for one. */
const saysOf = ({ target, any }: { target: readonly unknown[]; any: readonly { message: string }[] }): string =>
  [target.join(" "), ...any.map(({ message }) => message)].join(": ");
