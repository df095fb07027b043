/**
 * A requester's modified app that lies to approvers through what it encloses: other bytes than were signed, words in the
 * place of the call, texts that two readers would read differently, a file that the call is not about. What does not hold
 * is shown to nobody and decided by nobody. The positive control is the same app, enclosing what an honest one would.
 */
import { describe, expect } from "vitest";
import { deviceIdOf, hashOf } from "#core/protocol/crypto.ts";
import { callHash, callText } from "../../electron/host/gate/call-hash.ts";
import { sealedText } from "../../electron/host/gate/enclosure.ts";
import { clientCrypto } from "#node/client-crypto.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { seal } from "#client/keys/sealed.ts";
import type { Device } from "#core/rules/state.ts";
import { main, SERVER, startTeam } from "../helpers/app.ts";
import { lie } from "../helpers/hostile.ts";
import { connectModified } from "../helpers/modified-client.ts";
import { until } from "../helpers/wait.ts";

const ARGS = '{"path":"/etc/passwd","content":"root::0:0"}';
const HARMLESS = '{"path":"/notes/a.txt","content":"hello"}';
const WHY = "Approved by Ada already.";

/** Ben's modified app, which seals whatever it likes to everybody under the hash of the call with `ARGS`. */
const openLiar = async () => {
  const { server, wid, ada, ben } = await startTeam();
  const me = ben.room.team(wid).me;
  const device = ben.room.team(wid).members.find((member) => member.me)?.devices[0]?.id ?? "";
  await ben.close();
  const lane = await connectModified(server.url, wid, `lane:${me}`, ben.dir);
  const log = await connectModified(server.url, wid, "log", ben.dir);
  const facts = {
    workspace: wid,
    requester: me,
    device,
    server: { id: SERVER, launch: "launch-1" },
    tool: "write_file",
    schema: "s".repeat(43),
    salt: "saltsaltsaltsaltsaltsa",
  };
  const call = callText({ ...facts, args: ARGS });
  const adas = devicesIn(log.entries());
  const ask = async (text: string) => {
    const seen = [log.entries().length, hashOf(nodeCrypto, log.entries().at(-1) ?? "")];
    const before = new Set(ada.room.cards(wid).map((card) => card.request));
    const body = {
      ttlMs: 3_600_000,
      server: "files",
      tool: "write_file",
      rule: "default",
      callHash: callHash(call),
      jwe: await seal(clientCrypto, text, adas),
      replaces: null,
      practice: false,
    };
    expect(await lane.send(lane.command("approval.request", body, { d: "queue:approvers", seen }))).toMatchObject({
      ok: true,
    });
    const card = await until(() => ada.room.cards(wid).find((each) => !before.has(each.request)), "the card at Ada's");
    return ada.room.handlers["card.get"]({ wid, request: card.request }, main);
  };
  const close = (): void => {
    lane.close();
    log.close();
  };
  return { wid, ada, call, other: callText({ ...facts, args: HARMLESS }), ask, close };
};

interface Keys {
  readonly x: string;
  readonly enc: string;
}
/** Everybody's first device as the log adds it, with what sealing to it needs. */
const devicesIn = (entries: readonly string[]): Device[] =>
  entries.flatMap((entry) => {
    const { k, b } = JSON.parse(
      nodeCrypto.decode((JSON.parse(entry) as { c: string }).c.split(".")[1] ?? "") ?? "{}",
    ) as { k: string; b: Keys & { text: string } };
    const joined = k === "member.join" ? b : k === "genesis" ? (JSON.parse(b.text) as Keys) : null;
    return joined === null ? [] : [{ id: deviceIdOf(nodeCrypto, joined.x), enc: joined.enc } as unknown as Device];
  });

describe("[T31] [T19] a requester who encloses what does not hold", () => {
  lie(
    "shows nothing and gets no decision with other bytes than were signed, or with words in their place",
    async ({ control }) => {
      const { ada, wid, call, other, ask, close } = await openLiar();
      const honest = await control(() => ask(sealedText(call, { why: WHY, before: null })));
      expect(honest).toMatchObject({ args: ARGS, argsProblem: null, why: WHY, canVote: { allowed: true } });
      const whole = sealedText(call, { why: WHY, before: null });
      const lies = [
        sealedText(other, { why: WHY, before: null }),
        sealedText(HARMLESS, { why: call.slice(0, 500), before: null }),
        call,
        JSON.stringify({ v: 2, call, why: WHY, before: null, votes: ["Ada"] }),
        JSON.stringify({ v: 2, call, why: { text: WHY }, before: null }),
        JSON.stringify({ v: 2, call, why: "x".repeat(5_000), before: null }),
        whole.replace('"v":2,', `"v":2,"call":${JSON.stringify(other)},`),
      ];
      for (const text of lies) {
        const card = await ask(text);
        expect(card, text.slice(0, 80)).toMatchObject({
          args: null,
          argsProblem: { code: "args-mismatch" },
          why: null,
          before: null,
          canVote: { allowed: false },
        });
        await expect(ada.decide(wid, card.request, "approve")).rejects.toMatchObject({ code: "args-mismatch" });
      }
      close();
    },
  );

  lie("shows the text of no file that the call is not about", async ({ control }) => {
    const { call, ask, close } = await openLiar();
    const good = { argument: "content", path: "/etc/passwd", text: "root:x:0:0", cut: false };
    const honest = await control(() => ask(sealedText(call, { why: null, before: good })));
    expect(honest).toMatchObject({ args: ARGS, before: good, enclosureProblem: null });
    for (const wrong of [
      { ...good, path: "/notes/a.txt" },
      { ...good, argument: "path", path: "root::0:0" },
      { ...good, argument: "toString" },
    ]) {
      const card = await ask(sealedText(call, { why: null, before: wrong }));
      expect(card).toMatchObject({ args: ARGS, before: null, enclosureProblem: { code: "enclosure-unfit" } });
    }
    close();
  });
});
