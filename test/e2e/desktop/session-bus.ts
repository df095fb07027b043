/**
 * A session bus with what a desktop puts on it: notifications and a tray. The app's own D-Bus code speaks to it, so a spec
 * sees what a person's desktop would draw, and clicks as that desktop would.
 */
import { rmSync } from "node:fs";
import { createServer } from "node:net";
import type { Socket } from "node:net";
import { readMessage, variant, writeMessage } from "./dbus-wire.ts";
import type { Message, Value, Variant } from "./dbus-wire.ts";

export interface Notice {
  readonly id: number;
  readonly title: string;
  readonly body: string;
}

export interface SessionBus {
  /** For DBUS_SESSION_BUS_ADDRESS. */
  readonly address: string;
  notices(): readonly Notice[];
  /** Clicks a notification. */
  click(notice: Notice): void;
  /** What the tray shows under the pointer, and its icon's bytes; null while there is no icon. */
  tray(): Promise<{ readonly tip: string; readonly icon: string } | null>;
  clickTray(): Promise<void>;
  /** Labels of the tray's menu from top to bottom. */
  menu(): Promise<string[]>;
  choose(label: string): Promise<void>;
  close(): Promise<void>;
}

interface Peer {
  readonly name: string;
  readonly socket: Socket;
}
interface TrayItem {
  readonly peer: Peer;
  readonly path: string;
}
type Answer = { readonly sig: string; readonly body: readonly Value[] } | { readonly error: string };

const DESKTOP = ":1.0";
const BUS = "org.freedesktop.DBus";
const NOTIFICATIONS = "org.freedesktop.Notifications";
const WATCHER = "org.kde.StatusNotifierWatcher";
const ITEM = "org.kde.StatusNotifierItem";
const MENU = "com.canonical.dbusmenu";
const PROPERTIES = "org.freedesktop.DBus.Properties";
/** Who it is does not matter: the socket lies in the test's own folder. */
const signInAnswer = (line: string): string =>
  /^(?:AUTH EXTERNAL |DATA)/.test(line)
    ? "OK 0123456789abcdef0123456789abcdef"
    : line === "AUTH EXTERNAL"
      ? "DATA"
      : line === "AUTH"
        ? "REJECTED EXTERNAL"
        : "ERROR";
const nothing: Answer = { sig: "", body: [] };

export const startSessionBus = async (path: string): Promise<SessionBus> => {
  const owners = new Map<string, string>([
    [BUS, BUS],
    [NOTIFICATIONS, DESKTOP],
    [WATCHER, DESKTOP],
  ]);
  const peers = new Map<string, Peer>();
  const notices: Notice[] = [];
  const waiting = new Map<number, (message: Message) => void>();
  let serial = 0;
  let item: TrayItem | null = null;

  const send = (peer: Peer, message: Omit<Message, "serial" | "flags" | "from">, from = DESKTOP) =>
    peer.socket.writable &&
    peer.socket.write(writeMessage({ flags: 0, ...message, serial: ++serial, from, to: peer.name }));
  const tell = (message: Omit<Message, "serial" | "flags" | "from" | "type">) => {
    for (const peer of peers.values()) send(peer, { type: 4, ...message });
  };
  const ask = (
    peer: Peer,
    call: Pick<Message, "path" | "face" | "member" | "sig" | "body">,
  ): Promise<readonly Value[]> =>
    new Promise((resolve, reject) => {
      waiting.set(serial + 1, (message) =>
        message.type === 2
          ? resolve(message.body)
          : reject(new Error(`${call.member}: ${message.error} ${JSON.stringify(message.body)}`)),
      );
      send(peer, { type: 1, ...call });
    });

  const bus = (peer: Peer, { member, body }: Message): Answer => {
    const [name] = body as string[];
    if (member === "Hello") return { sig: "s", body: [peer.name] };
    if (member === "RequestName") return (owners.set(name ?? "", peer.name), { sig: "u", body: [1] });
    if (member === "ReleaseName") return { sig: "u", body: [1] };
    if (member === "GetNameOwner")
      return owners.has(name ?? "")
        ? { sig: "s", body: [owners.get(name ?? "") ?? ""] }
        : { error: `${BUS}.Error.NameHasNoOwner` };
    if (member === "NameHasOwner") return { sig: "b", body: [owners.has(name ?? "")] };
    if (member === "StartServiceByName")
      return owners.has(name ?? "") ? { sig: "u", body: [2] } : { error: `${BUS}.Error.ServiceUnknown` };
    if (member === "ListNames" || member === "ListActivatableNames") return { sig: "as", body: [[...owners.keys()]] };
    return member === "AddMatch" || member === "RemoveMatch" ? nothing : { error: `${BUS}.Error.UnknownMethod` };
  };

  const desktop = (peer: Peer, { member, face, body }: Message): Answer => {
    if (member === "GetServerInformation") return { sig: "ssss", body: ["test desktop", "test", "1", "1.2"] };
    if (member === "GetCapabilities") return { sig: "as", body: [["actions", "body"]] };
    if (member === "Notify") {
      const notice = { id: notices.length + 1, title: body[3] as string, body: body[4] as string };
      notices.push(notice);
      return { sig: "u", body: [notice.id] };
    }
    if (member === "RegisterStatusNotifierItem") {
      const named = body[0] as string;
      item = { peer, path: named.startsWith("/") ? named : "/StatusNotifierItem" };
      return nothing;
    }
    if (face === PROPERTIES && member === "Get")
      return { sig: "v", body: [body[1] === "ProtocolVersion" ? variant("i", 0) : variant("b", true)] };
    return member === "CloseNotification" ? nothing : { error: `${BUS}.Error.UnknownMethod` };
  };

  const onMessage = (peer: Peer, message: Message) => {
    if (message.type === 2 || message.type === 3) {
      waiting.get(message.replyTo ?? 0)?.(message);
      return void waiting.delete(message.replyTo ?? 0);
    }
    if (message.type !== 1) return;
    const to = owners.get(message.to ?? BUS) ?? message.to;
    const other = peers.get(to ?? "");
    const answer =
      to === BUS
        ? bus(peer, message)
        : to === DESKTOP
          ? desktop(peer, message)
          : { error: `${BUS}.Error.ServiceUnknown` };
    if (other !== undefined || (message.flags & 1) === 1) return;
    send(
      peer,
      "error" in answer
        ? { type: 3, error: answer.error, replyTo: message.serial, sig: "s", body: [answer.error] }
        : { type: 2, replyTo: message.serial, ...answer },
      to === BUS ? BUS : DESKTOP,
    );
  };

  const server = createServer((socket) => {
    const peer: Peer = { name: `:1.${peers.size + 1}`, socket };
    peers.set(peer.name, peer);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      peers.delete(peer.name);
      if (item?.peer === peer) item = null;
    });
    let bytes = Buffer.alloc(0);
    let signedIn = false;
    socket.on("data", (chunk) => {
      bytes = Buffer.concat([bytes, chunk as Buffer]);
      while (!signedIn && bytes.includes("\r\n")) {
        const line = bytes.toString("latin1", 0, bytes.indexOf("\r\n")).replace(/^\0/, "");
        bytes = bytes.subarray(bytes.indexOf("\r\n") + 2);
        signedIn = line === "BEGIN";
        if (!signedIn) socket.write(`${signInAnswer(line)}\r\n`);
      }
      for (let found = signedIn ? readMessage(bytes) : null; found !== null; found = readMessage(bytes)) {
        bytes = bytes.subarray(found.size);
        onMessage(peer, found.message);
      }
    });
  });
  await new Promise<void>((done) => server.listen(path, done));

  const shown = (): TrayItem => {
    if (item === null) throw new Error("There is no tray icon.");
    return item;
  };
  const property = async (of: TrayItem, face: string, name: string): Promise<Value> =>
    (
      (
        await ask(of.peer, { path: of.path, face: PROPERTIES, member: "Get", sig: "ss", body: [face, name] })
      )[0] as Variant
    ).value;
  const menuPath = async () => (await property(shown(), ITEM, "Menu")) as string;
  const entries = async (): Promise<{ id: number; label: string }[]> => {
    const [, layout] = await ask(shown().peer, {
      path: await menuPath(),
      face: MENU,
      member: "GetLayout",
      sig: "iias",
      body: [0, -1, []],
    });
    const [, , children] = layout as [number, Value, Variant[]];
    return children.map(({ value }) => {
      const [id, properties] = value as [number, [string, Variant][], Value];
      return { id, label: String(properties.find(([name]) => name === "label")?.[1].value ?? "") };
    });
  };

  return {
    address: `unix:path=${path}`,
    notices: () => notices,
    click: ({ id }) =>
      tell({
        path: "/org/freedesktop/Notifications",
        face: NOTIFICATIONS,
        member: "ActionInvoked",
        sig: "us",
        body: [id, "default"],
      }),
    tray: async () => {
      if (item === null) return null;
      const [, , title, text] = (await property(item, ITEM, "ToolTip")) as [string, Value, string, string];
      return {
        tip: [title, text].filter((part) => part !== "").join(" "),
        icon: JSON.stringify(await property(item, ITEM, "IconPixmap")),
      };
    },
    clickTray: async () =>
      void (await ask(shown().peer, { path: shown().path, face: ITEM, member: "Activate", sig: "ii", body: [0, 0] })),
    menu: async () => (await entries()).map(({ label }) => label),
    choose: async (label) => {
      const entry = (await entries()).find((each) => each.label === label);
      if (entry === undefined) throw new Error(`The tray's menu has no ${label}.`);
      // Nobody waits for an answer: an app that quits gives none.
      send(shown().peer, {
        type: 1,
        path: await menuPath(),
        face: MENU,
        member: "Event",
        sig: "isvu",
        body: [entry.id, "clicked", variant("i", 0), 0],
      });
    },
    close: async () => {
      for (const { socket } of peers.values()) socket.destroy();
      await new Promise<void>((done) => server.close(() => done()));
      rmSync(path, { force: true });
    },
  };
};
