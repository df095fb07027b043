/** Core and client built for a browser fold every recorded log in it to what was recorded on Node. */
import { generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import { build } from "vite";
import { asSigningKey } from "#core/protocol/ids.ts";
import { nodeCrypto } from "#node/crypto.ts";
import type { Claim, InBrowser } from "../corpus/browser.ts";
import { ED25519, randomCases, VECTORS } from "../helpers/es256.ts";
import { replay, textsOf } from "../corpus/recording.ts";
import type { Recording } from "../corpus/recording.ts";

const FOLDER = resolve(import.meta.dirname, "../corpus");
const recordings = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json"))
  .map((file) => [file, JSON.parse(readFileSync(resolve(FOLDER, file), "utf8")) as Recording] as const);

/** One script with everything in it. What a browser has not, it would import from outside. */
const bundle = async (): Promise<string> => {
  const built = await build({
    configFile: false,
    logLevel: "error",
    root: FOLDER,
    build: {
      write: false,
      minify: false,
      target: "es2024",
      modulePreload: { polyfill: false },
      rolldownOptions: { input: resolve(FOLDER, "browser.ts"), output: { format: "iife" } },
    },
  });
  const [output] = Array.isArray(built) ? built : [built];
  if (output === undefined || !("output" in output)) throw new Error("nothing was built");
  return output.output[0].code;
};

let code = "";
let page: Page;
let close = (): void => undefined;
test.beforeAll(async ({ browser }) => {
  code = await bundle();
  // WebCrypto is there for a page of this computer only.
  const server = createServer((_request, response) => response.setHeader("content-type", "text/html").end("<p>fold"));
  await new Promise<void>((ready) => void server.listen(0, "127.0.0.1", ready));
  close = () => void server.close();
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.addScriptTag({ content: code });
});
test.afterAll(async () => {
  await page.close();
  close();
});

declare const inBrowser: InBrowser;
const foldThere = (recording: Pick<Recording, "workspace" | "entries">, ahead: boolean) =>
  page.evaluate(([given, checks]) => inBrowser.fold(given, checks), [recording, ahead] as const);

test("UN2 the whole client is built for a browser, with nothing of Node in it", async () => {
  expect(await page.evaluate(() => typeof inBrowser.createLive)).toBe("function");
  expect(code).toContain("WebsocketProvider = class");
  expect(code).not.toMatch(/__vite-browser-external|require\("node:|from "node:|from "ws"/);
});

for (const [name, recording] of recordings)
  test(`UN2 the recorded log ${name} folds in a browser to the recorded verdicts, state texts and hashes`, async () => {
    const [ahead, inLine] = [await foldThere(recording, true), await foldThere(recording, false)];
    expect(ahead.verdicts).toEqual(recording.entries.map(({ verdict }) => verdict));
    expect(ahead.hashes).toEqual(recording.states);
    expect(ahead.texts).toEqual(textsOf(recording));
    // Without what was checked ahead: the same, asked for one by one.
    expect({ ...inLine, late: 0 }).toEqual({ ...ahead, late: 0 });
    expect(inLine.late).toBeGreaterThan(ahead.late);
  });

const answersThere = (claims: readonly Claim[]) => page.evaluate((of) => inBrowser.verify(of), claims);

test("UN2 a signature that was found good is good for its own text alone", async () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const x = publicKey.export({ format: "jwk" }).x ?? "";
  const signature = sign(null, Buffer.from("yes"), privateKey).toString("base64url");
  const claims = ["yes", "no", "yes"].map((text): Claim => [x, text, signature]);
  expect(await answersThere(claims)).toEqual([true, false, true]);
});

test("UN2 PH4 signatures over bytes and their hashes are answered in a browser as on Node: published vectors, their neighbours and fresh keys", async () => {
  const cases = [...VECTORS, ...ED25519, ...randomCases(200)];
  const claims = cases.map(({ claim }) => claim);
  const there = await page.evaluate((of) => inBrowser.verifyBytes(of), claims);
  const expected = cases.map(({ name, good }) => [name, good]);
  expect(cases.map(({ name }, i) => [name, there[i]])).toEqual(expected);
  expect(cases.map(({ name, claim }) => [name, nodeCrypto.verifyBytes(...claim)])).toEqual(expected);
  const texts = claims.flatMap(([, ...parts]) => parts);
  // JSON has no undefined.
  const hashes = await page.evaluate((of) => inBrowser.sha256Bytes(of).map((each) => each ?? null), texts);
  expect(hashes).toEqual(texts.map((text) => nodeCrypto.sha256Bytes(text) ?? null));
});

/** The recording with one character of an entry's text changed. */
const changed = ({ workspace, entries }: Recording, at: number, where: (text: string) => number) => ({
  workspace,
  entries: entries.map((entry, index) => {
    if (index !== at) return entry;
    const place = where(entry.text);
    const other = entry.text[place] === "A" ? "B" : "A";
    return { ...entry, text: `${entry.text.slice(0, place)}${other}${entry.text.slice(place + 1)}` };
  }),
});

test("UN2 one changed byte of a log is refused in a browser as on Node", async () => {
  const [, recording] = recordings.find(([name]) => name === "approvals.json") ?? [];
  if (recording === undefined) throw new Error("no such recording");
  const at = recording.entries.findIndex(({ doc, verdict }, index) => index > 3 && doc === "log" && verdict === "ok");
  for (const where of [
    // The first character of the signature, one of the payload, one of the hash of the entry before.
    (text: string) => text.lastIndexOf(".") + 1,
    (text: string) => text.indexOf(".") + 40,
    (text: string) => text.indexOf(`"p":"`) + 10,
  ]) {
    const broken = changed(recording, at, where);
    const { verdicts } = replay(broken);
    expect(verdicts[at]).not.toBe("ok");
    for (const ahead of [true, false]) {
      const there = await foldThere(broken, ahead);
      expect(there.verdicts).toEqual(verdicts);
      expect(there.hashes).not.toEqual(recording.states);
    }
  }
});

/** Order of the group of Ed25519. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const bytesOf = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, "0"), "hex").reverse();
const numberOf = (bytes: Buffer): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
const spelled = (bytes: Buffer): string => bytes.toString("base64url");
const P = 2n ** 255n - 19n;
/** Points of an order of at most 8 and numbers above the modulus, with either sign. */
const ODD = [
  0n,
  1n,
  P - 1n,
  P,
  P + 1n,
  P + 18n,
  2707385501144840649318225287225658788936804267575313519463743609750303021480n,
  55188659117513257062467267217118295137698188065244968500265048394206261417927n,
]
  .flatMap((y) => [y, y + 2n ** 255n])
  .map(bytesOf);

test("CH4 UN2 what engines answer differently never reaches them: odd keys are refused, odd signatures get one answer", async () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const x = publicKey.export({ format: "jwk" }).x ?? "";
  const text = "a text";
  const good = sign(null, Buffer.from(text), privateKey);
  const [r, s] = [good.subarray(0, 32), good.subarray(32)];
  const signatures = [
    spelled(good),
    spelled(Buffer.concat([r, bytesOf(numberOf(s) + L)])),
    spelled(Buffer.concat([r, bytesOf(0n)])),
    `${spelled(good)}A`,
    spelled(good.subarray(1)),
    ...ODD.map((point) => spelled(Buffer.concat([point, s]))),
    ...ODD.map((point) => spelled(Buffer.concat([point, bytesOf(0n)]))),
  ];
  const there = await answersThere(signatures.map((signature) => [x, text, signature]));
  expect(there).toEqual(signatures.map((signature) => nodeCrypto.verify(x, text, signature)));
  expect(there).toEqual(signatures.map((_, index) => index === 0));
  expect(await answersThere([[`${x}=`, text, spelled(good)]])).toEqual([false]);

  // With these, engines do differ: here a signature that nobody made is good.
  const nobodys = spelled(Buffer.concat([bytesOf(1n), bytesOf(0n)]));
  expect(await answersThere([[spelled(bytesOf(1n)), "any", nobodys]])).toEqual([true]);
  expect(asSigningKey(x)).toBe(x);
  for (const point of ODD) expect([spelled(point), asSigningKey(spelled(point))]).toEqual([spelled(point), undefined]);
});
