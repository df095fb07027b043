/**
 * The built interface as a closed list of files, read once from its folder. A request names one of them or gets
 * nothing: there is no path to resolve, so none to climb out of.
 */
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { LANGUAGE } from "#text/words.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".json": "application/json; charset=utf-8",
  ".wasm": "application/wasm",
};

export interface Asset {
  readonly type: string;
  readonly bytes: Buffer<ArrayBuffer>;
  readonly isPage: boolean;
}

/** `path` as in an address, e.g. `/assets/index.js`; `pages` are the html files that this origin may show. */
export interface Assets {
  find(path: string, pages: readonly string[]): Asset | undefined;
}

export const readAssets = (root: string): Assets => {
  const files = new Map<string, string>();
  const walk = (folder: string, under: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = `${under}/${entry.name}`;
      if (entry.isDirectory()) walk(join(folder, entry.name), path);
      else if (entry.isFile() && Object.hasOwn(TYPES, extname(entry.name))) files.set(path, join(folder, entry.name));
    }
  };
  walk(root, "");
  return {
    find: (path, pages) => {
      const file = files.get(path);
      const isPage = path.endsWith(".html");
      if (file === undefined || (isPage && !pages.includes(path))) return undefined;
      return {
        type: TYPES[extname(file)] ?? "application/octet-stream",
        bytes: (isPage ? inLanguage(readFileSync(file, "utf8")) : readFileSync(file)) as Buffer<ArrayBuffer>,
        isPage,
      };
    },
  };
};

/** Says of a page in which language its windows speak: they choose by it (`renderer/text/words.ts`). */
const inLanguage = (page: string): Buffer =>
  Buffer.from(page.replace('<html lang="en">', `<html lang="${LANGUAGE.tag}">`));

/** `connect` names where a page may open connections, besides its own origin. */
export const contentSecurityPolicy = (connect: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // The invite's QR code is drawn as a data image; such an image asks nobody for anything.
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${["'self'", ...connect].join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join("; ");

/** Headers of every answer, whichever shell sends it. */
export const assetHeaders = (
  asset: Pick<Asset, "type" | "isPage">,
  connect: readonly string[],
): Record<string, string> => ({
  "content-type": asset.type,
  // The built files carry a hash in their names; pages do not, and a stale page would ask for files that are gone.
  "cache-control": asset.isPage ? "no-store" : "private, max-age=31536000, immutable",
  ...safetyHeaders(connect),
});

export const safetyHeaders = (connect: readonly string[] = []): Record<string, string> => ({
  "content-security-policy": contentSecurityPolicy(connect),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=()",
});
