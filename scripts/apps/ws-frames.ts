/**
 * Reads WebSocket messages (RFC 6455) out of one direction of a TCP stream: skips the HTTP part, unmasks, joins
 * fragments, inflates. Reads only; what it does not understand it leaves alone.
 */
import { inflateRawSync, constants } from "node:zlib";

const END_OF_HEADERS = Buffer.from("\r\n\r\n");
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);

/** Feed it chunks; `onMessage` gets every text and binary message whole. */
export const createFrameReader = (onMessage: (bytes: Buffer) => void): ((chunk: Buffer) => void) => {
  let buffer: Buffer = Buffer.alloc(0);
  let mode: "http" | "frames" | "plain" = "http";
  let parts: Buffer[] = [];
  let deflated = false;

  const take = (frame: Frame) => {
    if (frame.opcode >= 8) return;
    if (frame.opcode !== 0) {
      parts = [];
      deflated = frame.deflated;
    }
    parts.push(frame.payload);
    if (!frame.last) return;
    const whole = Buffer.concat(parts);
    onMessage(deflated ? inflated(whole) : whole);
  };

  return (chunk) => {
    if (mode === "plain") return;
    buffer = Buffer.concat([buffer, chunk]);
    if (mode === "http") {
      const end = buffer.indexOf(END_OF_HEADERS);
      if (end < 0) return;
      mode = /upgrade:\s*websocket/i.test(buffer.subarray(0, end).toString("latin1")) ? "frames" : "plain";
      buffer = buffer.subarray(end + END_OF_HEADERS.length);
    }
    for (let frame = mode === "frames" ? readFrame(buffer) : null; frame !== null; frame = readFrame(buffer)) {
      buffer = buffer.subarray(frame.size);
      take(frame);
    }
  };
};

/** One whole binary message as a server sends it: unmasked, not compressed, below 64 KiB. */
export const binaryFrame = (message: Uint8Array): Buffer => {
  if (message.byteLength > 0xffff) throw new Error("Only short messages are written.");
  const header =
    message.byteLength < 126
      ? Buffer.from([0x82, message.byteLength])
      : Buffer.from([0x82, 126, message.byteLength >> 8, message.byteLength & 0xff]);
  return Buffer.concat([header, message]);
};

interface Frame {
  readonly size: number;
  readonly last: boolean;
  readonly deflated: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
}

const readFrame = (buffer: Buffer): Frame | null => {
  if (buffer.length < 2) return null;
  const first = buffer.readUInt8(0);
  const second = buffer.readUInt8(1);
  const short = second & 0x7f;
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const masked = (second & 0x80) !== 0;
  const start = 2 + lengthBytes + (masked ? 4 : 0);
  if (buffer.length < start) return null;
  const length =
    lengthBytes === 2 ? buffer.readUInt16BE(2) : lengthBytes === 8 ? Number(buffer.readBigUInt64BE(2)) : short;
  if (buffer.length < start + length) return null;
  const payload = Buffer.from(buffer.subarray(start, start + length));
  if (masked) unmask(payload, buffer.subarray(start - 4, start));
  return {
    size: start + length,
    last: (first & 0x80) !== 0,
    deflated: (first & 0x40) !== 0,
    opcode: first & 0x0f,
    payload,
  };
};

const unmask = (payload: Buffer, mask: Buffer): void => {
  for (let i = 0; i < payload.length; i++) payload[i] = (payload[i] ?? 0) ^ (mask[i & 3] ?? 0);
};

const inflated = (bytes: Buffer): Buffer =>
  inflateRawSync(Buffer.concat([bytes, TAIL]), { finishFlush: constants.Z_SYNC_FLUSH });
