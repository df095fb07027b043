/** Serves the built interface to Electron's windows under a scheme of its own: file addresses could reach every file. */
import { PAGE_SCHEME } from "#bridge/ipc.ts";
import { assetHeaders, safetyHeaders } from "../shell/assets.ts";
import type { Assets } from "../shell/assets.ts";
import type { ElectronApi } from "./electron-api.ts";
import { pageWords } from "#text/shells.ts";

const PAGE_OF: Readonly<Record<string, string>> = { main: "/index.html", popup: "/popup.html" };

export const pageResponse = (assets: Assets, address: string): Response => {
  const url = new URL(address);
  const page = Object.hasOwn(PAGE_OF, url.host) ? PAGE_OF[url.host] : undefined;
  const asset = page === undefined ? undefined : assets.find(url.pathname, [page]);
  if (asset === undefined) return new Response(pageWords.nothing, { status: 404, headers: safetyHeaders() });
  return new Response(asset.bytes, { headers: assetHeaders(asset, []) });
};

export const servePages = (protocol: ElectronApi["protocol"], assets: Assets): void =>
  protocol.handle(PAGE_SCHEME, (request) => pageResponse(assets, request.url));
