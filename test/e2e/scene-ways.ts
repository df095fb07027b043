/** Ways in and out: a server that only this computer reaches, a second computer, invites, and a host that is not there. */
import type { AppView } from "#bridge/app.ts";
import type { Told } from "#bridge/told.ts";
import type { PairingView } from "#bridge/pairing.ts";
import { told } from "#bridge/told.ts";
import { pseudoText as p } from "#text/pseudo.ts";
import { WID } from "../fixtures/renderer-values.ts";
import { lookAt, press, pressIfReady } from "./crawl.ts";
import { button, field, section } from "./pseudo-team.ts";
import { of } from "./scene-values.ts";
import type { Stage } from "./scenes.ts";

const HOUR = 3_600_000;
const ADDRESSES = (["local", "public", "shared"] as const).map((kind, n) => ({ host: `10.0.0.${n}`, name: "1", kind }));
const SERVER = "http://127.0.0.1:7000";
const REACHES: readonly object[] = [
  { server: SERVER, here: true, embedded: "computer", addresses: ADDRESSES, problem: null },
  { server: SERVER, here: true, embedded: "computer", addresses: [], problem: told("stopped") },
  { server: SERVER, here: true, embedded: null, addresses: [], problem: null },
  { server: "http://10.0.0.1:7000", here: false, embedded: "network", addresses: ADDRESSES, problem: null },
];

/** A server that only this computer reaches, or that this app runs for others. */
export const walkReach = async (stage: Stage): Promise<void> => {
  const app = of<AppView>("app");
  for (const [n, reach] of REACHES.entries())
    await stage.show(
      {
        before: (host) => {
          host.put("app", { ...app, workspaces: app.workspaces.map((each) => ({ ...each, server: SERVER })) });
          host.answer("workspace.reach", reach);
          host.answer("workspace.letReach", { server: "http://10.0.0.1:7000" });
        },
      },
      async (walk) => {
        await section(walk.page, "Settings");
        await lookAt(walk, `reach ${n}`);
        await section(walk.page, "Team");
        await walk.page.getByRole("tab", { name: p("Invites") }).click();
        await button(walk.page, "Create invite").click();
        await lookAt(walk, `reach ${n}, an invite`);
        await pressIfReady(walk.page.getByRole("dialog").getByRole("checkbox").first());
        await lookAt(walk, `reach ${n}, insisted`);
      },
    );
};

const PAIRINGS: readonly NonNullable<PairingView["offer"]>[] = [
  { step: "opening", wid: WID },
  { step: "waiting", wid: WID, link: "bulkhead://pair#1", expiresAt: Date.now() + HOUR, nearby: true },
  { step: "here", wid: WID },
  { step: "compare", wid: WID, name: "Laptop", number: "123456" },
  { step: "adding", wid: WID, name: "Laptop" },
  { step: "done", wid: WID, name: "Laptop" },
  { step: "ended", wid: WID, reason: told("stopped") },
];
const COMING: readonly NonNullable<PairingView["arrival"]>[] = [
  { step: "connecting", server: "https://x.example.com" },
  { step: "compare", server: "https://x.example.com", workspace: "Harbour", person: "Ada", number: "123456" },
  { step: "reading", workspace: "Harbour" },
  { step: "ended", reason: told("stopped") },
];

/** Each step of adding a computer, on both sides, and each way in at the start. */
export const walkPairing = async (stage: Stage): Promise<void> => {
  for (const offer of PAIRINGS)
    await stage.show({ before: (host) => host.put("pairing", { offer, arrival: null }) }, async (walk) => {
      await section(walk.page, "Settings");
      await button(walk.page, "Add a device").click();
      await lookAt(walk, `pairing ${offer.step}`);
    });
  for (const arrival of [...COMING, null])
    for (const alreadyHere of [true, false])
      await stage.show(
        {
          scene: "first-run",
          before: (host) => {
            host.put("pairing", { offer: null, arrival });
            host.answer("pair.inspect", { server: "https://x.example.com", wid: WID, name: null, alreadyHere });
          },
        },
        async ({ page, ...walk }) => {
          await field(page, "Your name").fill("Ada");
          await button(page, "This is another computer of mine").click();
          await lookAt({ page, ...walk }, `coming ${arrival?.step}`);
          if (arrival !== null) return;
          await field(page, "Code from your other computer").fill("1");
          await button(page, "Look at the code").click();
          await lookAt({ page, ...walk }, "a code");
          if (alreadyHere) return;
          await field(page, "Name of this computer").fill("");
          await press(button(page, "Connect"));
          await lookAt({ page, ...walk }, "a code without a name");
        },
      );
};

/** Invites of each kind before they are used. */
export const walkInvites = async (stage: Stage): Promise<void> => {
  const preview = {
    server: "https://x.example.com",
    workspace: "Harbour",
    wid: WID,
    inviter: "Ada",
    role: "Approver",
    roleDefined: false,
    confirm: true,
    expiresAt: Date.now() + HOUR,
    usesLeft: 1,
    back: null,
    alreadyMember: false,
  };
  for (const part of [
    {},
    { back: "Ben" },
    { alreadyMember: true },
    { roleDefined: true },
    { back: "Ben", confirm: false },
  ])
    await stage.show(
      { scene: "first-run", before: (host) => host.answer("invite.inspect", { ...preview, ...part }) },
      async (walk) => {
        await field(walk.page, "Your name").fill("Ben");
        await button(walk.page, "Join with a link").click();
        await field(walk.page, "Invite link").fill("1");
        await button(walk.page, "Look at the invite").click();
        await walk.page.getByRole("heading").first().waitFor();
        await lookAt(walk, `invite ${Object.keys(part).join()}`);
      },
    );
  for (const pendingLink of ["bulkhead://pair#1", "https://x.example.com/join#1"])
    await stage.show(
      {
        before: (host) => {
          host.answer("pair.inspect", { server: SERVER, wid: WID, name: null, alreadyHere: false });
          host.put("app", { ...of<AppView>("app"), pendingLink });
        },
      },
      async (walk) => {
        await walk.page.getByRole("dialog").waitFor();
        await lookAt(walk, "a link from outside");
      },
    );
  await stage.show({ scene: "first-run" }, async (walk) => {
    await field(walk.page, "Your name").fill("Ada");
    await button(walk.page, "Create a workspace").click();
    await press(button(walk.page, "Create workspace"));
    await lookAt(walk, "a workspace without anything");
    for (const radio of await walk.page.getByRole("radio").all()) {
      await press(radio);
      await press(button(walk.page, "Create workspace"));
      await lookAt(walk, "a workspace");
    }
  });
};

/** A window whose host is not there. */
export const walkAway = async (stage: Stage): Promise<void> => {
  const corrupt: Told = { code: "store-corrupt", args: ["1", [4, 5, 6], "2026-11-30", true] };
  for (const error of [corrupt, told("stopped")])
    await stage.show({}, async (walk, host) => {
      await walk.page.getByRole("contentinfo").waitFor();
      host.send({ f: "host", state: "starting", error: null });
      await lookAt(walk, "a host that starts");
      host.send({ f: "host", state: "failed", error });
      await lookAt(walk, `a host that failed: ${error.code}`);
    });
  await stage.show({}, async (walk, host) => {
    await walk.page.getByRole("contentinfo").waitFor();
    host.away(true);
    await lookAt(walk, "a host that is away");
  });
};
