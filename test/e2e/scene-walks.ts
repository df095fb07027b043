/** What the story of real parts does not come to: every refusal, states that last a moment, and what only a fault shows. */
import type { Page } from "@playwright/test";
import type { CallView } from "#bridge/call.ts";
import type { ThreadView } from "#bridge/thread.ts";
import { told, type Told } from "#bridge/told.ts";
import type { ToolsView } from "#bridge/tool.ts";
import type { StatusView } from "#bridge/workspace.ts";
import { pseudoText as p } from "#text/pseudo.ts";
import { WID } from "../fixtures/renderer-values.ts";
import { FACTS } from "../unit/renderer/fact-samples/every-fact.ts";
import { leave, lookAt, press, pressIfReady } from "./crawl.ts";
import { button, field, section } from "./pseudo-team.ts";
import { asMessages, call, message, MESSAGES, of, threadView } from "./scene-values.ts";
import type { Stage } from "./scenes.ts";
import { noted } from "../helpers/worded.ts";
import type { LineName } from "#core/facts/client-args.ts";
import type { MemberId } from "#core/protocol/ids.ts";

const POPUP = { width: 440, height: 560 };
const HOUR = 3_600_000;

/** So many on one screen: more would only make it slow. */
const AT_ONCE = 70;

/** Each fact that anything can tell a window, as what went wrong with a tool server. */
export const walkFacts = async (stage: Stage): Promise<void> => {
  for (let from = 0; from < FACTS.length; from += AT_ONCE) {
    const told: readonly Told[] = FACTS.slice(from, from + AT_ONCE);
    const tools = of<ToolsView>("tools");
    const [server] = tools.servers;
    if (server === undefined) throw new Error("no server");
    const servers = told.map((error, n) => ({
      ...server,
      id: `f${n}`,
      name: "Quay",
      state: "failed",
      error,
      tools: [],
    }));
    const before = (host: { put(topic: string, value: unknown): void }) =>
      host.put(`tools/${WID}`, { ...tools, servers });
    await stage.show({ before }, async (walk) => {
      await section(walk.page, "Tools");
      await walk.page
        .getByRole("alert")
        .nth(told.length - 1)
        .waitFor();
      await lookAt(walk, `facts from ${told[0]?.code}`);
    });
  }
};

const popup = (what: string): string => `/popup.html#token=one&wid=${WID}&${what}`;
const small = async (page: Page): Promise<void> => {
  await page.setViewportSize(POPUP);
  await page.addInitScript(() => void (window.close = () => undefined));
};

/** The windows in which something is signed, and what they say when nothing is there any more. */
export const walkPopups = async (stage: Stage): Promise<void> => {
  const before = (_: unknown, page: Page) => small(page);
  for (const request of ["r1", "r2", "r3", "r5", "r6", "r9"])
    await stage.show({ path: popup(`request=${request}`), before }, async (walk) => {
      await walk.page.getByRole("main").waitFor();
      await lookAt(walk, `card ${request}`);
    });
  await stage.show(
    {
      path: popup("request=r2"),
      before: (host, page) => {
        host.put("app", {
          ...of<object>("app"),
          settings: { ...of<{ settings: object }>("app").settings, takeBackSeconds: 5 },
        });
        return small(page);
      },
    },
    async (walk) => {
      await button(walk.page, "Reject").click();
      await lookAt(walk, "a vote that can be taken back");
      await button(walk.page, "Take back").click();
      await lookAt(walk, "a vote taken back");
    },
  );
  const ben: LineName = ["b".repeat(22) as MemberId, "Ben", null];
  const acts = [
    { kind: "workspace.level", workspace: "Harbour", from: 1, to: 2 },
    {
      kind: "member.role",
      workspace: "Harbour",
      member: ben,
      role: "Admin",
      own: false,
    },
    { kind: "approval.delegate", workspace: "Harbour", member: ben, until: Date.now() + HOUR },
  ] as const;
  for (const act of acts)
    await stage.show({ path: popup(`act=${"a".repeat(22)}`), before }, async (walk, host) => {
      await lookAt(walk, "no act");
      host.send({ f: "act", act });
      const buttons = walk.page.getByRole("button");
      await buttons.nth(1).waitFor();
      await lookAt(walk, `act ${act.kind}`);
      await buttons.nth(act.kind === "member.role" ? 0 : 1).click();
      await walk.page.getByRole("status").waitFor();
      await lookAt(walk, `act ${act.kind}, answered`);
    });
  await stage.show({ path: popup(`pairing=${"a".repeat(22)}`), before }, async (walk, host) => {
    await lookAt(walk, "no pairing");
    host.send({ f: "pairing", name: "Laptop", number: "123456" });
    await button(walk.page, "Add this computer").click();
    await lookAt(walk, "pairing, the same");
  });
  await stage.show({ path: popup(`request=${"e".repeat(22)}`), before }, async (walk) => {
    await lookAt(walk, "arrival");
  });
  await stage.show({ path: popup(`request=${"f".repeat(22)}`), before }, async (walk) => {
    await lookAt(walk, "no arrival");
  });
  await stage.show({ path: "/popup.html#token=one", before }, async (walk) => lookAt(walk, "no place"));
};

const STATUS: readonly Partial<StatusView>[] = [
  { link: "connecting" },
  { link: "offline", queued: 3 },
  { link: "refused" },
  { link: "out" },
  { link: "in-sync", serverAhead: 7 * HOUR, mayApprove: 0, model: null },
  { link: "in-sync", serverAhead: -7 * HOUR, mayApprove: 1, wentOn: Date.now() - HOUR },
  { link: "update-app", toolsUntil: Date.now() + 30 * HOUR },
  { link: "update-app", toolsUntil: Date.now() - HOUR },
  { link: "withheld", lie: "withheld" },
  { link: "tampered", lie: "chain" },
];

/** Each state of the connection, and the dialog that explains it. */
export const walkStatus = async (stage: Stage): Promise<void> => {
  for (const part of STATUS)
    await stage.show(
      { before: (host) => host.put(`status/${WID}`, { ...of<object>("status"), ...part }) },
      async (walk) => {
        await walk.page.getByRole("contentinfo").waitFor();
        await lookAt(walk, `status ${part.link}`);
        for (const name of ["What happened?", "What this means"]) {
          if (!(await button(walk.page, name).isVisible())) continue;
          await button(walk.page, name).click();
          await lookAt(walk, `status ${part.link}, explained`);
        }
      },
    );
};

export const CALLS: readonly CallView[] = [
  call("proposed"),
  call("confirming", { request: "r1" }),
  call("queued"),
  call("waiting", {
    request: "r1",
    needed: 2,
    expiresAt: Date.now() + HOUR,
    asked: '{"path":"/2","more":1}',
    enclosed: { why: "1 2 3", file: "/1", tooLarge: ["why", "file"] },
  }),
  call("approved", { decidedBy: noted("Cleo") }),
  call("running"),
  call("done", { result: { text: "", bytes: 0, truncated: false } }),
  call("done", { id: "c-cut", result: { text: "1", bytes: 9_000, truncated: true }, startedAt: 1, endedAt: 900 }),
  call("failed"),
  call("rejected"),
  call("rejected", { id: "c-by", decidedBy: noted("Cleo"), reason: noted("4 5") }),
  call("refused"),
  call("canceled"),
  call("expired"),
  call("unknown"),
];
/** A thread with each kind of call and of message, and whatever stands around the box in which one writes. */
export const walkThread = async (stage: Stage): Promise<void> => {
  const all = message(
    3,
    "agent",
    CALLS.map((each) => ({ kind: "call", call: each })),
  );
  await stage.show({ before: (host) => asMessages(host, [...MESSAGES, all]) }, async (walk) => {
    const cards = walk.page.getByRole("article");
    await cards.nth(CALLS.length).waitFor();
    await lookAt(walk, "calls");
    const folded = walk.page.locator('.call-title[aria-expanded="false"]');
    for (let left = await folded.count(); left > 0; left--) await press(folded.first());
    await lookAt(walk, "calls, unfolded");
    for (const edit of await walk.page.getByRole("button", { name: p("Edit") }).all()) {
      await pressIfReady(edit);
      await lookAt(walk, "a call that is changed");
      await leave(walk.page);
    }
    await press(walk.page.locator(".markdown").getByRole("button").first());
    await lookAt(walk, "a link");
  });
  const unread = [{ id: "u1", at: 1, text: "1 2", length: 3 }];
  const place = [
    { kind: "here", by: "ollama", host: "127.0.0.1" },
    { kind: "here", by: "person", host: "127.0.0.1" },
    { kind: "program", host: "127.0.0.1" },
    { kind: "through", to: "x.example.com", host: "127.0.0.1" },
    { kind: "host", host: "x.example.com" },
  ] as const;
  const views: readonly Partial<ThreadView>[] = [
    { run: null, unread },
    { unread },
    ...(["thinking", "calling", "confirming", "waiting", "queued"] as const).map((state) => ({
      run: { id: "run", state, step: 2, since: 1 },
    })),
    { run: null, model: null, mustChoose: true, messages: 0 },
    { run: null, model: null, mustChoose: true },
    { run: null, model: null },
    ...place.map((at) => ({ run: null, model: { id: "mo1", name: "Scripted", place: at } })),
  ];
  for (const [n, view] of views.entries())
    await stage.show(
      {
        before: (host) => {
          asMessages(host, MESSAGES);
          host.put("thread/t1", threadView({ messages: MESSAGES.length, ...view }));
          const app = of<{ settings: object }>("app");
          host.put("app", {
            ...app,
            settings: { ...app.settings, enclose: n % 2 === 0 ? "message" : "message-and-file" },
          });
        },
      },
      async (walk) => {
        const box = field(walk.page, "Message");
        await box.waitFor();
        await lookAt(walk, `thread ${n}`);
        await press(walk.page.locator(".composer .boundary").first());
        await lookAt(walk, `thread ${n}, what leaves`);
        if (view.model !== null && n > 0) return;
        await box.fill("1");
        await box.press("Enter");
        await lookAt(walk, `thread ${n}, sent`);
        for (const text of ["/", "/zz"]) {
          await box.fill(text);
          await lookAt(walk, `thread ${n}, ${text}`);
        }
      },
    );
  const draftCall = { server: "s1", tool: "write_file", values: "{}", raw: null, why: "" };
  const aside = [
    { id: 1, text: "1 2", length: 3, tools: [] },
    { id: 2, text: "", length: 0, tools: ["write_file"] },
  ];
  await stage.show(
    {
      before: (host) => {
        asMessages(host, MESSAGES);
        host.answer("thread.draft", {
          version: 1,
          draft: { text: "1", calls: [draftCall, { ...draftCall, server: "s9" }], open: null },
          aside,
        });
        host.refuse("thread.saveDraft", told("stopped"));
        host.refuse("thread.send", told("stopped"));
      },
    },
    async (walk) => {
      await button(walk.page, "Put away").waitFor();
      await lookAt(walk, "drafts");
      await field(walk.page, "Message").fill("12");
      await field(walk.page, "Message").press("Enter");
      await lookAt(walk, "not sent");
      await walk.page.locator(".composer-notes").getByText(p("Go on"), { exact: true }).first().click();
      await lookAt(walk, "a form taken up");
      await button(walk.page, "Call tool").click();
      await lookAt(walk, "a form with problems");
      await press(button(walk.page, "Edit as JSON"));
      await walk.page.locator("textarea.code").first().fill('{"9":{"1":2}}');
      await press(button(walk.page, "Edit as fields"));
      await lookAt(walk, "a form that stays JSON");
    },
  );
};
