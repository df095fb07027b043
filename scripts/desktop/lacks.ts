/**
 * What an Electron older than the pinned one lacks and the app uses, found one by one on 22.3.25 (Chromium 108, Node 16).
 * Put before the built bundles there and nowhere else. Each line stands only where the thing itself is missing.
 */

/** Of Chromium: used by the pages and, in Node's half of it, by main. */
export const PAGE_LACKS: readonly string[] = [
  // Chromium 110: lists are sorted and turned around without changing what a store holds.
  "Array.prototype.toSorted ??= function (order) { return [...this].sort(order); };",
  "Array.prototype.toReversed ??= function () { return [...this].reverse(); };",
  // Chromium 120: whether a text is an address.
  "URL.canParse ??= (text, base) => { try { return new URL(text, base), true; } catch { return false; } };",
  // Chromium 119: a promise that is settled from outside.
  "Promise.withResolvers ??= function () { let resolve, reject; const promise = new Promise((yes, no) => { resolve = yes; reject = no; }); return { promise, resolve, reject }; };",
];

/** Of Electron and Node, in main. */
export const MAIN_LACKS: readonly string[] = [
  ...PAGE_LACKS,
  // Node 18: what protocol.handle answers with.
  "globalThis.Response ??= class { constructor(body, init = {}) { this.body = body; this.status = init.status ?? 200; this.headers = init.headers ?? {}; } };",
  // Node 18: the question whether the embedded sync server is up.
  `globalThis.fetch ??= (url, { signal } = {}) =>
    new Promise((resolve, reject) => {
      const asked = require("node:http").get(url, { signal }, ({ statusCode }) => resolve({ ok: statusCode >= 200 && statusCode < 300, status: statusCode, body: null }));
      asked.on("response", (response) => response.resume()).on("error", reject);
    });`,
  // Electron 25: pages are served by a function that answers a request; before, a buffer is handed to a callback.
  `{
    const { protocol } = require("electron");
    const bytesOf = (body) => (body == null ? Buffer.alloc(0) : typeof body === "string" ? Buffer.from(body) : Buffer.from(body.buffer ?? body, body.byteOffset, body.byteLength));
    protocol.handle ??= (scheme, answer) =>
      protocol.registerBufferProtocol(scheme, (request, reply) => {
        void Promise.resolve(answer({ url: request.url, method: request.method, headers: request.headers })).then(({ status, headers: own, body }) => {
          const headers = { ...own };
          reply({ statusCode: status, headers, mimeType: headers["content-type"]?.split(";")[0], data: bytesOf(body) });
        });
      });
  }`,
  // Electron 26: which keyring Linux has. The fixed password is what a computer without one answers.
  `require("electron").safeStorage.getSelectedStorageBackend ??= () => "basic_text";`,
  // Node 17: copies by value.
  `globalThis.structuredClone ??= (value) => require("node:v8").deserialize(require("node:v8").serialize(value));`,
  // Node 21: a hash in one call.
  `require("node:crypto").hash ??= (algorithm, data, encoding = "hex") => require("node:crypto").createHash(algorithm).update(data).digest(encoding === "buffer" ? undefined : encoding);`,
];
