import fc from "fast-check";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { drawn, prose, visible } from "#bridge/plain-text.ts";
import { jsx, jsxs } from "../../../renderer/jsx/jsx-runtime.ts";

test("[T31] whatever a window draws, and every name it gives to assistive tools, shows what hides in it", () => {
  const name = "Dan\u200b";
  expect(renderToStaticMarkup(jsx("p", { title: name, "aria-label": name, children: name }))).toBe(
    '<p title="Dan⟨U+200B⟩" aria-label="Dan⟨U+200B⟩">Dan⟨U+200B⟩</p>',
  );
  expect(renderToStaticMarkup(jsxs("p", { children: ["from ", [name], 3] }))).toBe("<p>from Dan⟨U+200B⟩3</p>");
  // What is typed is a value, and stays as it is.
  expect(renderToStaticMarkup(jsx("input", { defaultValue: name }))).toContain(`value="${name}"`);
  expect(renderToStaticMarkup(jsx("p", { children: "Zoë, علی‌رضا 👩‍👩‍👧" }))).toBe("<p>Zoë, علی‌رضا 👩‍👩‍👧</p>");
});

test("[T31] what was written out before is drawn as it is", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }).map((text) => text.replace(/\p{Zs}/gu, " ")),
      (text) => drawn(visible(text)) === visible(text),
    ),
  );
});

test("[T31] odd spaces of ordinary prose are plain ones, and all else that hides is marked", () => {
  expect(prose("Bonjour\u00a0! 42\u202f%")).toBe("Bonjour ! 42 %");
  expect(prose("pay\u200b\u202eevil")).toBe("pay⟨U+200B⟩⟨U+202E⟩evil");
});
