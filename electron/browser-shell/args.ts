/** The command line of the browser shell. */
import { parseArgs } from "node:util";
import { linkAmong } from "../shell/deep-link.ts";
import { terminalWords as words } from "#text/shells.ts";

export interface Options {
  readonly data: string | null;
  /** 0 picks a free one. */
  readonly port: number;
  readonly popupPort: number;
  readonly open: boolean;
  /** End once the host is ready. */
  readonly smoke: boolean;
  readonly link: string | null;
}

export const USAGE = words.usage;

/** Options, or what is wrong with the arguments. */
export const readOptions = (args: readonly string[]): Options | { readonly problem: string } => {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        data: { type: "string" },
        port: { type: "string" },
        "popup-port": { type: "string" },
        "no-open": { type: "boolean" },
        smoke: { type: "boolean" },
      },
    });
    const [port, popupPort] = [portFrom(values.port), portFrom(values["popup-port"])];
    if (port === undefined || popupPort === undefined) return { problem: words.notAPort };
    if (port !== 0 && port === popupPort) return { problem: words.samePort };
    const link = linkAmong(positionals) ?? null;
    const stranger = positionals.find((one) => one !== link);
    if (stranger !== undefined) return { problem: words.stranger(stranger.slice(0, 80)) };
    return {
      data: values.data ?? null,
      port,
      popupPort,
      open: values["no-open"] !== true,
      smoke: values.smoke === true,
      link,
    };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : words.unreadable };
  }
};

const portFrom = (text: string | undefined): number | undefined => {
  if (text === undefined) return 0;
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
};
