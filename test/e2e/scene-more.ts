/** Cards in each form and end, what the audit finds, and small things that only a certain moment shows. */
import type { Page } from "@playwright/test";
import type { CardView } from "#bridge/card.ts";
import type { AuditView } from "#bridge/audit.ts";
import { why } from "#core/facts/why.ts";
import { told } from "#bridge/told.ts";
import { pseudoText as p } from "#text/pseudo.ts";
import { answers, WID } from "../fixtures/renderer-values.ts";
import type { RendererHost } from "../fixtures/renderer-host.ts";
import { leave, lookAt, press, pressIfReady } from "./crawl.ts";
import { button, field, section } from "./pseudo-team.ts";
import { of } from "./scene-values.ts";
import type { Stage } from "./scenes.ts";

const NO = { allowed: false, why: told("no-such-thread") };
const POPUP = `/popup.html#token=one&wid=${WID}&request=r1`;
const asPopup = async (page: Page): Promise<void> => {
  await page.setViewportSize({ width: 440, height: 560 });
  await page.addInitScript(() => void (window.close = () => undefined));
};

const card = (part: Partial<CardView>): CardView => ({
  ...(answers("full", "card.get", { request: "r1" }) as CardView),
  args: '{"path":"/1","content":"1 2"}',
  before: null,
  replaces: null,
  why: null,
  ...part,
});
const before = { argument: "content", path: "/1", text: "1 2", cut: false };
const vote = card({}).votes[0];
const mark = { role: null, joinedAt: 1, formerly: ["Ben"], alike: [{ name: "Ben", role: null }] };
const CARDS: readonly Partial<CardView>[] = [
  { kind: "confirm", queue: "", why: "1", before: { ...before, text: "" } },
  { args: null, argsProblem: told("args-unopened"), replaces: { request: "r0", args: null } },
  { args: "[1, 2", replaces: { request: "r0", args: "1" }, mine: true, canVote: NO },
  { args: "{}", replaces: { request: "r0", args: null }, canVote: NO },
  { args: "{}", replaces: { request: "r0", args: '{"path":"/1"}' }, oneForTwo: true, independent: true, votes: [] },
  { args: '{"path":"/1","path":"/2"}', queueGone: true, serversAlike: 2, who: mark, server: "filesystеm" },
  { before, why: "1", rung: { now: 1, of: 1, next: null } },
  { before: { ...before, cut: true }, mine: true, why: "1", canVote: NO },
  { before: { ...before, text: "3\n4\n5\n6\n7\n8" }, practice: true },
  ...(vote === undefined
    ? []
    : (["invited", "appointed", "let-back"] as const).map((tie) => ({ votes: [{ ...vote, tie, by: null, mark }] }))),
  ...(["approved", "rejected", "canceled", "replaced", "practiced", "expired", "used", "lapsed"] as const).map(
    (state) => ({ state, replacedBy: state === "replaced" ? "r2" : null }),
  ),
];
const asCard = (host: RendererHost, part: Partial<CardView>): void => {
  const view = card(part);
  const { rule: _r, args: _a, argsProblem: _p, replaces: _e, why: _w, before: _b, enclosureProblem: _q, ...row } = view;
  host.answer("card.get", view);
  // Whoever waits to be let in would be shown instead of a card that nobody has to decide.
  host.put(`arrivals/${WID}`, []);
  host.list(`cards/${WID}`, [row]);
};

/** A card in each form, in its window and beside the list. */
export const walkCards = async (stage: Stage): Promise<void> => {
  for (const [n, part] of CARDS.entries())
    await stage.show(
      {
        path: POPUP,
        before: async (host, page) => {
          asCard(host, part);
          await asPopup(page);
        },
      },
      async (walk) => {
        await walk.page.getByRole("main").waitFor();
        await lookAt(walk, `card window ${n}`);
        for (const more of await walk.page.locator(".link").all()) await pressIfReady(more);
        await lookAt(walk, `card window ${n}, more`);
      },
    );
  for (const [n, part] of CARDS.entries())
    await stage.show({ before: (host) => asCard(host, part) }, async (walk) => {
      await section(walk.page, "Waiting");
      await lookAt(walk, `card ${n}`);
    });
  await stage.show(
    {
      path: POPUP,
      before: async (host, page) => {
        asCard(host, {});
        const app = of<{ settings: object }>("app");
        host.put("app", { ...app, settings: { ...app.settings, takeBackSeconds: 5 } });
        await asPopup(page);
      },
    },
    async (walk, host) => {
      await button(walk.page, "Reject").click();
      asCard(host, { args: "{}" });
      await lookAt(walk, "a card that changed meanwhile");
    },
  );
  for (const args of [null, "{}"])
    await stage.show(
      {
        path: POPUP,
        before: async (host, page) => {
          asCard(host, { args, argsProblem: args === null ? told("args-unopened") : null });
          await asPopup(page);
        },
      },
      async (walk) => {
        await walk.page.getByRole("main").waitFor();
        await pressIfReady(walk.page.getByRole("button").last());
        await lookAt(walk, "approved");
        if (await button(walk.page, "Reject").isVisible()) await press(button(walk.page, "Reject"));
        await lookAt(walk, "voted");
      },
    );
};

const row = (args: object) => ({ state: "broken", line: 3, why: why("export.differs"), ...args });
const verified = answers("full", "audit.checkNext", { check: "jsonl" }) as object;
const CHECKS: readonly object[] = [
  row({}),
  row({ state: "unjudged" }),
  { ...verified, here: null, otherWords: { lines: 2, first: 3 } },
  ...(["same", "left-out", "differs", "unknown"] as const).map((standing) => ({
    ...verified,
    here: { name: "Harbour", standing },
  })),
];

/** What a saved audit is found to be, and an audit that is written, empty or closed to this person. */
export const walkAudit = async (stage: Stage): Promise<void> => {
  for (const [n, check] of [...CHECKS, null].entries())
    await stage.show(
      { before: (host) => (check === null ? undefined : host.answer("audit.checkNext", check)) },
      async (walk) => {
        await section(walk.page, "Audit");
        await button(walk.page, "Verify a file").click();
        await walk.page.locator("input[type=file]").setInputFiles({
          name: check === null ? "1.txt" : "1.jsonl",
          mimeType: "text/plain",
          buffer: Buffer.from("1\n"),
        });
        await lookAt(walk, `verified ${n}`);
      },
    );
  const audit = of<AuditView>("audit");
  for (const part of [{ canRead: NO }, { incomplete: true, progress: { done: 1, of: 3 }, canExport: NO }])
    await stage.show({ before: (host) => host.put(`audit/${WID}`, { ...audit, ...part }) }, async (walk) => {
      await section(walk.page, "Audit");
      await lookAt(walk, "audit");
    });
  const none = { rows: [], from: 0, total: 0, version: "1.0" };
  await stage.show({ before: (host) => host.answer("audit.page", none) }, async (walk) => {
    await section(walk.page, "Audit");
    await walk.page.getByRole("searchbox").or(walk.page.getByRole("textbox")).first().fill("1");
    await lookAt(walk, "nothing found");
  });
};

/** Dialogs that ask before what was typed is let go, notices, menus, and whatever has no place of its own. */
export const walkSmall = async (stage: Stage): Promise<void> => {
  await stage.show({}, async (walk, host) => {
    const { page } = walk;
    await page.getByRole("contentinfo").waitFor();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await press(page.locator(".model-pick"));
    await lookAt(walk, "models of a thread");
    await leave(page);
    await press(page.locator(".side button").first());
    await lookAt(walk, "workspaces");
    await leave(page);
    await section(page, "Tools");
    await button(page, "Add server").click();
    await page.getByRole("dialog").getByRole("textbox").first().fill("1");
    await page.keyboard.press("Escape");
    await lookAt(walk, "typed, and left");
    await press(page.getByRole("alertdialog").getByRole("button").last());
    host.send({ f: "notify", title: p("1"), body: "", card: { wid: WID, request: "r1" } });
    await lookAt(walk, "a card is offered");
    await section(page, "Team");
    await page.getByRole("main").getByRole("combobox").nth(1).click();
    await lookAt(walk, "roles to give");
    await page.getByRole("option", { name: "Guest" }).click();
    await lookAt(walk, "a role was given");
    await page.getByRole("tab", { name: p("Invites") }).click();
    await button(page, "Show link").click();
    await press(page.getByRole("dialog").getByRole("button").nth(1));
    await lookAt(walk, "copied");
    await leave(page);
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").getByRole("combobox").fill("zzzz");
    await lookAt(walk, "palette, nothing found");
    await leave(page);
  });
  await stage.show(
    {
      before: (host) => {
        host.answer("thread.page", { messages: [], total: 0 });
        host.put("thread/t1", { ...of<object>("thread", "t1"), messages: 0, run: null });
      },
    },
    async (walk) => {
      await field(walk.page, "Message").waitFor();
      await lookAt(walk, "an empty thread");
      await walk.page.getByRole("main").getByRole("button").nth(1).click();
      await lookAt(walk, "actions of a thread");
      for (const n of [0, 1]) {
        await press(walk.page.getByRole("menuitem").nth(n));
        await lookAt(walk, `action ${n} of a thread`);
        await leave(walk.page);
        await press(walk.page.getByRole("main").getByRole("button").nth(1));
      }
    },
  );
};
