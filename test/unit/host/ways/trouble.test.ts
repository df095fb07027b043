/** Computers that cannot be reached, and what a person is told of each: at a first knock, over the sync socket, by a model and by a tool. */
import type { Refusal } from "#core/facts/refusal.ts";
import { wordsOf } from "../../../helpers/worded.ts";
import { createServer } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { beforeAll, describe, expect, test } from "vitest";
import { knock } from "#client/link/knock.ts";
import { offlineFacts } from "#client/link/link-facts.ts";
import { platform } from "../../../../electron/host/ways/platform.ts";
import { CertificateError, dial } from "../../../../electron/host/ways/dial.ts";
import { fetchOverDial } from "../../../../electron/host/ways/connectors.ts";
import { troubleOf } from "../../../../electron/host/ways/trouble.ts";
import { told } from "#bridge/told.ts";
import { factWords, factsWords } from "#text/facts.ts";
import { trustSystemStore } from "../../../../electron/host/ways/trust.ts";
import { firstDial } from "../../../helpers/first-dial.ts";
import { ask, modelRoom } from "../../../helpers/model-room.ts";
import { plainHttp, portOf, root, tlsHttp, TROUBLES } from "../../../helpers/tls-world.ts";
import { makeRoom } from "../tools/room.ts";

beforeAll(() => {
  trustSystemStore();
  setDefaultCACertificates([...getCACertificates(), root.cert]);
  expect(fetchOverDial()).toBe(true);
});

const cases = Object.entries(TROUBLES);
const said = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "no failure",
    (error: unknown) => wordsOf(error as Refusal) ?? "",
  );
const wid = "w".repeat(22);

describe("[WA1] the true cause is said", () => {
  test.each(cases)("by the first knock at %s", async (_title, [origin, sentence]) => {
    expect(await said(knock(platform, await origin(), wid, async (nonce) => nonce))).toMatch(sentence);
  });

  test.each(cases)("by the status line, where the connection meets %s", async (_title, [origin, sentence]) => {
    const server = await origin();
    const facts = offlineFacts(server, (await firstDial(server)).trouble);
    const message = factsWords(facts);
    expect(facts[0].code).toBe("offline");
    expect(message).toMatch(sentence);
    expect(message).toMatch(/Requests wait here and go out by themselves\.$/);
    expect(message).not.toMatch(/check the address/i);
  });

  test.each(cases)("by a model at %s", async (_title, [origin, sentence]) => {
    const { room, add, lines } = modelRoom();
    const id = await add("openai-compatible", `${await origin()}/v1`);
    expect(
      await said(
        room.step(id, ask, { signal: AbortSignal.timeout(20_000), onText: () => undefined, onWait: () => undefined }),
      ),
    ).toMatch(sentence);
    expect(lines.join("")).not.toContain("127.0.0.1");
  });

  test.each(cases)("by a tool server at %s", async (_title, [origin, sentence]) => {
    const room = makeRoom({ limits: { quickCrashes: 0 } });
    room.run({ kind: "http", url: `${await origin()}/mcp`, headers: [], vars: [] });
    await room.isIn("failed");
    expect(wordsOf(room.view()?.error)).toMatch(sentence);
  });
});

test("[WA1] a computer that takes the connection and then says nothing does not answer in time", async () => {
  const port = await portOf(createServer());
  const error: unknown = await dial({ hostname: "127.0.0.1", port, secure: true }, 50).catch(
    (failure: unknown) => failure,
  );
  expect(troubleOf(error)).toEqual({ kind: "silent" });
  expect(factWords(told("trouble", { kind: "silent" }, "far", true))).toContain("No answer came from far in time");
});

test.each([
  ["EHOSTUNREACH", "no-way"],
  ["ENETUNREACH", "no-way"],
  ["EAI_AGAIN", "no-name"],
  ["ETIMEDOUT", "silent"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "untrusted"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "untrusted"],
  ["CERT_REVOKED", "certificate"],
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "asks-certificate"],
  ["EFAULT", undefined],
])("[WA1] %s, deep in the causes, is %s", (code, kind) => {
  const cause = Object.assign(new Error("what a library said"), { code });
  expect(troubleOf(new TypeError("fetch failed", { cause: new Error("more", { cause }) }))?.kind).toBe(kind);
});

test("[WA1] a name from a certificate is shown only where it is a plain one", () => {
  const odd = Object.assign(new CertificateError("ERR_TLS_CERT_ALTNAME_INVALID", null, null), {
    names: "DNS:trust \u202eme. Press yes, DNS:x",
  });
  expect(troubleOf(odd)).toEqual({ kind: "wrong-name", name: "x" });
});

test("[WA1] control: where nothing is wrong with the way, none of these is said", async () => {
  for (const origin of [await plainHttp(), await tlsHttp()]) {
    expect((await fetch(origin)).status).toBe(404);
    expect(await said(knock(platform, origin, wid, async (nonce) => nonce))).toContain("is not a Bulkhead sync server");
  }
});
