import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync(new URL("../../../renderer/style/tokens.css", import.meta.url), "utf8");

const tokensOf = (theme: string): Map<string, string> => {
  const block = css.slice(css.indexOf(`:root[data-theme="${theme}"]`)).match(/\{([^}]*)\}/)?.[1] ?? "";
  return new Map(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((match) => [match[1] ?? "", match[2] ?? ""]),
  );
};

const luminance = (hex: string): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.040_45 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: string, b: string): number => {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
};

const surfaces = ["surface", "surface-side", "surface-sunken", "surface-float", "hover"];
const pairs: [string, string][] = [
  ...["ink", "ink-2", "ink-3", "accent"].flatMap((ink) => surfaces.map((surface): [string, string] => [ink, surface])),
  ...["ink", "ink-2"].map((ink): [string, string] => [ink, "pressed"]),
  ...["waiting", "failed", "done"].flatMap((tone) =>
    ["surface", "surface-float", `${tone}-soft`].map((surface): [string, string] => [tone, surface]),
  ),
  ["ink-2", "waiting-soft"],
  ["accent", "accent-soft"],
  ["on-accent", "accent-fill"],
  ["on-accent", "accent-fill-hover"],
  ["on-accent", "failed-fill"],
];

test.each(["light", "dark"])("every text of the %s theme keeps 4.5:1 on every surface it may stand on", (theme) => {
  const tokens = tokensOf(theme);
  const weak = pairs
    .map(([ink, surface]) => ({
      pair: `${ink} on ${surface}`,
      ratio: contrast(tokens.get(ink) ?? "", tokens.get(surface) ?? ""),
    }))
    .filter(({ ratio }) => !(ratio >= 4.5));
  expect(weak).toEqual([]);
});

test.each(["light", "dark"])("borders of controls in the %s theme keep 3:1", (theme) => {
  const tokens = tokensOf(theme);
  expect(contrast(tokens.get("control-line") ?? "", tokens.get("surface") ?? "")).toBeGreaterThanOrEqual(3);
  expect(contrast(tokens.get("focus") ?? "", tokens.get("surface-side") ?? "")).toBeGreaterThanOrEqual(3);
});
