/** D-Bus messages as bytes, as far as a desktop needs them: https://dbus.freedesktop.org/doc/dbus-specification.html */

/** A value of a D-Bus type. Dictionaries are lists of pairs; a variant is its signature and its value. */
export type Value = number | bigint | boolean | string | Variant | readonly Value[];
export interface Variant {
  readonly sig: string;
  readonly value: Value;
}
export const variant = (sig: string, value: Value): Variant => ({ sig, value });

export interface Message {
  /** 1 call, 2 answer, 3 error, 4 signal. */
  readonly type: number;
  readonly flags: number;
  readonly serial: number;
  readonly path?: string;
  readonly face?: string;
  readonly member?: string;
  readonly error?: string;
  readonly replyTo?: number;
  readonly to?: string;
  readonly from?: string;
  readonly sig?: string;
  readonly body: readonly Value[];
}

const FIELDS = ["path", "face", "member", "error", "replyTo", "to", "from", "sig"] as const;
const FIELD_SIGS = ["o", "s", "s", "s", "u", "s", "s", "g"] as const;

const SIZES: Readonly<Record<string, number>> = {
  y: 1,
  b: 4,
  n: 2,
  q: 2,
  i: 4,
  u: 4,
  x: 8,
  t: 8,
  d: 8,
  s: 4,
  o: 4,
  g: 1,
  a: 4,
  v: 1,
  "(": 8,
  "{": 8,
};
const sizeOf = (sig: string): number => SIZES[sig.charAt(0)] ?? 1;

/** The first complete type of a signature. */
const firstOf = (sig: string): string => {
  const head = sig.charAt(0);
  if (head === "a") return `a${firstOf(sig.slice(1))}`;
  if (head !== "(" && head !== "{") return head;
  let depth = 0;
  for (let at = 0; at < sig.length; at++) {
    if ("({".includes(sig.charAt(at))) depth += 1;
    if (")}".includes(sig.charAt(at))) depth -= 1;
    if (depth === 0) return sig.slice(0, at + 1);
  }
  throw new Error(`The signature ${sig} does not end.`);
};
const typesOf = (sig: string): string[] =>
  sig === "" ? [] : [firstOf(sig), ...typesOf(sig.slice(firstOf(sig).length))];

class Reader {
  readonly bytes: Buffer;
  at: number;
  constructor(bytes: Buffer, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }
  align(to: number): void {
    this.at = Math.ceil(this.at / to) * to;
  }
  private take(size: number): number {
    const was = this.at;
    this.at += size;
    return was;
  }
  private text(length: number): string {
    const start = this.take(length + 1);
    return this.bytes.toString("utf8", start, start + length);
  }
  read(sig: string): Value {
    this.align(sizeOf(sig));
    switch (sig.charAt(0)) {
      case "y":
        return this.bytes.readUInt8(this.take(1));
      case "b":
        return this.bytes.readUInt32LE(this.take(4)) === 1;
      case "n":
        return this.bytes.readInt16LE(this.take(2));
      case "q":
        return this.bytes.readUInt16LE(this.take(2));
      case "i":
        return this.bytes.readInt32LE(this.take(4));
      case "u":
        return this.bytes.readUInt32LE(this.take(4));
      case "x":
        return this.bytes.readBigInt64LE(this.take(8));
      case "t":
        return this.bytes.readBigUInt64LE(this.take(8));
      case "d":
        return this.bytes.readDoubleLE(this.take(8));
      case "g":
        return this.text(this.bytes.readUInt8(this.take(1)));
      case "s":
      case "o":
        return this.text(this.bytes.readUInt32LE(this.take(4)));
      case "v":
        return this.variant();
      case "a":
        return this.list(sig.slice(1));
      default:
        return typesOf(sig.slice(1, -1)).map((each) => this.read(each));
    }
  }
  private variant(): Variant {
    const inner = this.read("g") as string;
    return { sig: inner, value: this.read(inner) };
  }
  private list(of: string): Value[] {
    const length = this.bytes.readUInt32LE(this.take(4));
    this.align(sizeOf(of));
    const end = this.at + length;
    const items: Value[] = [];
    while (this.at < end) items.push(this.read(of));
    return items;
  }
}

/** The message at the start of `bytes` and how many bytes it takes; null while it is not whole. */
export const readMessage = (bytes: Buffer): { readonly message: Message; readonly size: number } | null => {
  if (bytes.length < 16) return null;
  if (bytes.toString("latin1", 0, 1) !== "l") throw new Error("Only little-endian messages are read.");
  const head = Math.ceil((16 + bytes.readUInt32LE(12)) / 8) * 8;
  const size = head + bytes.readUInt32LE(4);
  if (bytes.length < size) return null;
  const fields: Record<string, Value> = {};
  for (const field of new Reader(bytes, 12).read("a(yv)") as [number, Variant][]) {
    const name = FIELDS[field[0] - 1];
    if (name !== undefined) fields[name] = field[1].value;
  }
  // Alignment counts from the start of the message: the body is read from bytes of its own, which begin at a multiple of 8.
  const body = new Reader(bytes.subarray(head, size));
  const message = {
    type: bytes.readUInt8(1),
    flags: bytes.readUInt8(2),
    serial: bytes.readUInt32LE(8),
    ...fields,
    body: typesOf((fields["sig"] as string | undefined) ?? "").map((each) => body.read(each)),
  };
  return { message, size };
};

class Writer {
  bytes: Buffer = Buffer.alloc(0);
  align(to: number): void {
    this.raw(Buffer.alloc(Math.ceil(this.bytes.length / to) * to - this.bytes.length));
  }
  raw(more: Buffer): void {
    this.bytes = Buffer.concat([this.bytes, more]);
  }
  write(sig: string, value: Value): void {
    this.align(sizeOf(sig));
    const head = sig.charAt(0);
    if (head === "s" || head === "o" || head === "g") {
      const text = Buffer.from(value as string, "utf8");
      this.write(head === "g" ? "y" : "u", text.length);
      this.raw(Buffer.concat([text, Buffer.of(0)]));
    } else if (head === "v") {
      const of = value as Variant;
      this.write("g", of.sig);
      this.write(of.sig, of.value);
    } else if (head === "a") this.list(sig.slice(1), value as Value[]);
    else if (head === "(" || head === "{")
      for (const [index, each] of typesOf(sig.slice(1, -1)).entries()) this.write(each, (value as Value[])[index] ?? 0);
    else this.number(head, value);
  }
  private number(kind: string, value: Value): void {
    const room = Buffer.alloc(SIZES[kind] ?? 0);
    if (kind === "y") room.writeUInt8(value as number);
    else if (kind === "b") room.writeUInt32LE(value === true ? 1 : 0);
    else if (kind === "i") room.writeInt32LE(value as number);
    else if (kind === "u") room.writeUInt32LE(value as number);
    else throw new Error(`Nothing here writes a value of type ${kind}.`);
    this.raw(room);
  }
  private list(of: string, items: readonly Value[]): void {
    this.write("u", 0);
    const size = this.bytes.length - 4;
    this.align(sizeOf(of));
    const start = this.bytes.length;
    for (const item of items) this.write(of, item);
    this.bytes.writeUInt32LE(this.bytes.length - start, size);
  }
}

export const writeMessage = (message: Message): Buffer => {
  const body = new Writer();
  for (const [index, each] of typesOf(message.sig ?? "").entries()) body.write(each, message.body[index] ?? 0);
  const fields = FIELDS.flatMap((name, index): Value[] =>
    message[name] === undefined || message[name] === ""
      ? []
      : [[index + 1, variant(FIELD_SIGS[index] ?? "s", message[name])]],
  );
  const head = new Writer();
  head.raw(Buffer.from(["l".charCodeAt(0), message.type, message.flags, 1]));
  head.write("u", body.bytes.length);
  head.write("u", message.serial);
  head.write("a(yv)", fields);
  head.align(8);
  return Buffer.concat([head.bytes, body.bytes]);
};
