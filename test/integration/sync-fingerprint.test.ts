/** Two people compare their histories aloud: the same words from an honest server, other words from a forked one. */
import { worded } from "../helpers/worded.ts";
import { describe, expect } from "vitest";
import { createWorkspaceStore } from "../../electron/host/store/workspaces.ts";
import { changePolicy, SERVER } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { lie } from "../helpers/hostile.ts";
import { sha256 } from "../helpers/liar-said.ts";
import { evidenceOf, keptBy, main, startLiedTo } from "../helpers/lied-to.ts";
import type { Kept } from "../helpers/lied-to.ts";
import { until } from "../helpers/wait.ts";
import { LOG } from "#core/protocol/ids.ts";

const wordsAt = (app: App, wid: string, at: number | null) =>
  app.room.handlers["workspace.fingerprint"]({ wid, at }, main);

describe("[T15] [CP1] [CP2] comparing with a teammate", () => {
  lie(
    "a forked server shows two histories: the words are the same up to the fork and differ after it, and both are told when they cross",
    async ({ control }) => {
      const { ada, ben, wid, lair, hers } = await startLiedTo();
      await ada.room.handlers["member.setRole"]({ wid, member: ben.room.team(wid).me, role: "admin" }, main);
      await until(() => ben.room.team(wid).members.find((item) => item.me)?.role === "admin", "Ben an Admin");
      const shared = await wordsAt(ben, wid, null);
      await control(async () => expect(await wordsAt(ada, wid, null)).toEqual(shared));
      expect(shared.words).toHaveLength(8);

      // From here on Ada is shown another server with the same key, and each of them is in sync with their own.
      hers.reach(await lair.fork());
      hers.drop();
      await until(() => ada.room.status(wid).link !== "in-sync", "Ada's connection lost");
      await ada.inSync(wid);
      for (const app of [ada, ben])
        await changePolicy(app, wid, {
          kind: "effects",
          server: SERVER,
          effects: { write_file: { kind: "ask", queue: "approvers" } },
        });
      for (const app of [ada, ben]) await until(() => app.room.status(wid).link === "in-sync", `${app.name} in sync`);
      const [hersNow, hisNow] = [await wordsAt(ada, wid, null), await wordsAt(ben, wid, null)];
      expect([hersNow.at, hisNow.at]).toEqual([shared.at + 1, shared.at + 1]);
      expect(hersNow.words).not.toEqual(hisNow.words);
      expect((await wordsAt(ada, wid, shared.at)).words).toEqual((await wordsAt(ben, wid, shared.at)).words);
      await expect(async () => wordsAt(ben, wid, hisNow.newest + 1)).rejects.toMatchObject({ code: "not-there-yet" });

      hers.reach(await lair.fork(lair.memory));
      hers.drop();
      await until(() => ada.room.status(wid).lie === "log-fork", "Ada told");
      expect(evidenceOf(ada)).toMatchObject([{ code: "log-fork" }]);
    },
  );

  lie(
    "where two people's words differ, approvals stop with evidence, and connecting again is the person's decision",
    async ({ control }) => {
      const { ben, wid, call } = await startLiedTo();
      const { at } = await wordsAt(ben, wid, null);
      await ben.room.handlers["workspace.compared"]({ wid, at, same: true }, main);
      await control(() => expect(ben.room.authority.permit(call).ok).toBe(true));
      await ben.room.handlers["workspace.compared"]({ wid, at, same: false }, main);
      expect(ben.room.status(wid)).toMatchObject({ link: "tampered", lie: "heads-differ" });
      expect(ben.room.authority.permit(call).ok).toBe(false);
      expect(evidenceOf(ben)).toMatchObject([{ code: "heads-differ", doc: "log" }]);
      const { pieces } = await ben.room.handlers["workspace.evidence"]({ wid }, main);
      expect(pieces).toMatchObject([{ code: "heads-differ", list: worded("the member log"), position: at }]);
      await ben.room.handlers["workspace.reconnect"]({ wid }, main);
      await until(() => ben.room.authority.permit(call).ok, "the permit again");
    },
  );
});

describe("[LY9] evidence as a file", () => {
  lie("has both sides exactly, names what happened, and nothing of what was called with", async ({ control }) => {
    const { ben, his, wid } = await startLiedTo();
    his.tell("log", (said, on) =>
      said.kind === "head" ? [his.head({ wid, doc: on.doc }, { s: 1, h: "x".repeat(43), t: said.t })] : true,
    );
    await until(() => ben.room.status(wid).lie === "log-fork", "Ben told");
    const { name, text } = await ben.room.handlers["workspace.evidenceFile"]({ wid }, main);
    expect(name).toMatch(/^bulkhead-evidence-\d{4}-\d\d-\d\d\.json$/);
    const file = JSON.parse(text) as {
      format: string;
      workspace: string;
      pieces: { code: string; shown: string; verified: { there: { position: number; entry: string } } }[];
    };
    expect(file).toMatchObject({ format: "bulkhead-evidence-v1", workspace: wid });
    const first = ben.store.db
      .prepare<[string], { entry: string }>("SELECT entry FROM chain WHERE wid = ? AND doc = 'log' AND seq = 1")
      .get(wid)?.entry;
    await control(() =>
      expect(file.pieces).toMatchObject([{ code: "log-fork", verified: { there: { position: 1, entry: first } } }]),
    );
    expect(file.pieces[0]?.shown.split(".")).toHaveLength(3);
    const side = ({ seq, entry }: Kept) => ({ position: seq, hash: sha256(entry), entry });
    const own = keptBy(ben)
      .filter(({ doc }) => doc === "log")
      .map(side);
    const newest = own.at(-1);
    expect(file.pieces[0]?.verified).toEqual({ position: newest?.position, head: newest?.hash, newest, there: own[0] });
    // A doubt that came later does not stand before it, where a file holds so much and no more.
    createWorkspaceStore(ben.store).addEvidence(
      wid,
      { doc: LOG, seq: 1, code: "frozen", head: "", shown: "" },
      Date.now(),
    );
    const later = await ben.room.handlers["workspace.evidenceFile"]({ wid }, main);
    expect((JSON.parse(later.text) as typeof file).pieces.map(({ code }) => code)).toEqual(["log-fork", "frozen"]);
    // The call's arguments, which Ben's own store holds in plain text.
    for (const secret of ["/notes/a.txt", "hello"]) expect(text).not.toContain(secret);
  });
});
