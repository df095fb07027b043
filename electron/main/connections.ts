/**
 * Connects windows with the host. The main window gets a port straight to the host, so that main never stands between
 * a thread and its window; the popup's frames pass through main, which has to see its confirmations.
 */
import { CHANNELS } from "#bridge/ipc.ts";
import type { ToWindow } from "#bridge/frames.ts";
import type { WindowKind } from "#bridge/shell-port.ts";
import type { ElectronApi, MessagePortMain, WebContents } from "./electron-api.ts";
import type { HostProcess, HostState } from "../shell/host-process.ts";
import { RELAYED_FROM } from "../shell/relay.ts";
import type { Relay, RelayedKind, RelayedWindow } from "../shell/relay.ts";
import { isClick } from "../shell/subjects.ts";

export interface Connections {
  /** The window's page asks for its port, at its start and after every reload. */
  connect(contents: WebContents, kind: WindowKind): void;
  /** Registers a window before its page runs. */
  register(contents: WebContents, of: RelayedKind): void;
  kindOf(contents: WebContents): WindowKind | undefined;
  hostState(state: HostState): void;
}

interface Direct {
  readonly contents: WebContents;
  readonly number: number;
}

export interface ConnectionParts {
  readonly host: () => HostProcess;
  readonly relay: Relay;
  /** False when the host is a Node child, which can be handed no port: then every window is relayed. */
  readonly directPorts: boolean;
  readonly onDecided: () => void;
}

export const createConnections = (
  electron: ElectronApi,
  { host, relay, directPorts, onDecided }: ConnectionParts,
): Connections => {
  const known = new Map<number, RelayedKind>();
  const direct = new Map<number, Direct>();
  const relayed = new Map<number, { readonly window: RelayedWindow; readonly port: MessagePortMain }>();
  let next = 1;

  const disconnect = (id: number) => {
    const was = direct.get(id);
    if (was !== undefined) host().post({ s: "window.close", window: was.number });
    direct.delete(id);
    const through = relayed.get(id);
    through?.window.close();
    through?.port.close();
    relayed.delete(id);
  };

  const hand = ({ contents, number }: Direct) => {
    const { port1, port2 } = new electron.MessageChannelMain();
    host().post({ s: "window.open", window: number, kind: "main" }, port2);
    contents.postMessage(CHANNELS.port, null, [port1]);
  };

  const tell = ({ contents }: Direct, state: HostState) =>
    contents.send(CHANNELS.host, { f: "host", ...state } satisfies ToWindow);

  const openRelayed = (contents: WebContents, of: RelayedKind) => {
    const { port1, port2 } = new electron.MessageChannelMain();
    const decisions = new Set<number>();
    const window = relay.open(of, (frame) => {
      port2.postMessage(frame);
      if (of.kind === "popup" && frame.f === "ok" && decisions.delete(frame.id)) onDecided();
    });
    port2.on("message", ({ data }) => {
      if (isDecision(data)) decisions.add(data.id);
      if (!window.frame(data)) disconnect(contents.id);
    });
    port2.start();
    relayed.set(contents.id, { window, port: port2 });
    contents.postMessage(CHANNELS.port, null, [port1]);
  };

  return {
    register: (contents, of) => {
      const { id } = contents;
      known.set(id, of);
      contents.once("destroyed", () => {
        disconnect(id);
        known.delete(id);
      });
    },
    kindOf: (contents) => known.get(contents.id)?.kind,
    connect: (contents) => {
      const of = known.get(contents.id);
      if (of === undefined) return;
      disconnect(contents.id);
      if (of.kind === "popup" || !directPorts) return openRelayed(contents, of);
      if (next >= RELAYED_FROM) next = 1;
      const window: Direct = { contents, number: next++ };
      direct.set(contents.id, window);
      const state = host().state();
      if (state.state === "ready") hand(window);
      tell(window, state);
    },
    hostState: (state) => {
      for (const window of direct.values()) {
        if (state.state === "ready") hand(window);
        tell(window, state);
      }
    },
  };
};

const isDecision = (frame: unknown): frame is { id: number } =>
  typeof frame === "object" &&
  frame !== null &&
  "method" in frame &&
  isClick(frame.method) &&
  "id" in frame &&
  typeof frame.id === "number";
