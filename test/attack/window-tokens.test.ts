/**
 * Somebody who opens windows of decisions without end in the browser shell, or a person who decides for a long time: the main window
 * that they came from must still find its way back, and no token opens what it was not given for.
 */
import { describe, expect } from "vitest";
import { createTokens } from "../../electron/browser-shell/tokens.ts";
import type { RelayedKind } from "../../electron/shell/relay.ts";
import { attack } from "../helpers/hostile.ts";

const popup = (n: number): RelayedKind => ({ kind: "popup", card: { wid: "w".repeat(22), request: String(n) } });

describe("[T18] tokens of windows", () => {
  attack("a flood of popups shuts out no main window, neither before it came nor after", async ({ control }) => {
    const tokens = createTokens();
    const main = tokens.redeem(tokens.once({ kind: "main" }), "main")?.again ?? "";
    const unopened = tokens.once({ kind: "main" });
    const kept: string[] = [];
    for (let n = 0; n < 1_200; n += 1) kept.push(tokens.redeem(tokens.once(popup(n)), "popup")?.again ?? "");
    for (let n = 0; n < 1_200; n += 1) tokens.once(popup(n));
    expect([tokens.redeem(main, "main"), tokens.redeem(unopened, "main")?.of]).toEqual([
      { of: { kind: "main" }, again: main },
      { kind: "main" },
    ]);
    expect([tokens.redeem(main, "popup"), tokens.redeem(kept.at(-1) ?? "", "main")]).toEqual([undefined, undefined]);
    // The popups are bounded all the same, and one that is in use is not the oldest.
    expect(tokens.redeem(kept[0] ?? "", "popup")).toBeUndefined();
    const used = kept.at(-500) ?? "";
    await control(() => expect(tokens.redeem(used, "popup")?.of).toEqual(popup(700)));
    tokens.redeem(tokens.once(popup(1)), "popup");
    expect([tokens.redeem(used, "popup")?.again, tokens.redeem(kept.at(-499) ?? "", "popup")]).toEqual([
      used,
      undefined,
    ]);
  });
});
