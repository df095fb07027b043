/**
 * Canaries: unique words planted in private text, and a scan that finds them in bytes however they were written down:
 * as they are, in UTF-16, hex, base64 at any alignment, URL-encoded, compressed or inside a SQLite file.
 */
import { randomBytes } from "node:crypto";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import Sqlite from "better-sqlite3";

/** Letters and digits only, so that no escaping hides it. The label says where it was planted. */
export const canary = (label: string): string =>
  `canary${label.replaceAll(/[^a-zA-Z0-9]/g, "")}${randomBytes(12).toString("hex")}`;

export interface Source {
  readonly path: string;
  readonly bytes: Buffer;
}

/** Every place where one of the canaries stands, as `path: canary (form)`. */
export const findCanaries = (sources: readonly Source[], canaries: readonly string[]): string[] => {
  const forms = canaries.flatMap((word) => formsOf(word).map((form) => ({ word, ...form })));
  return sources.flatMap((source) =>
    readings(source).flatMap((bytes) =>
      forms.filter((form) => bytes.includes(form.bytes)).map((form) => `${source.path}: ${form.word} (${form.name})`),
    ),
  );
};

const formsOf = (word: string): { name: string; bytes: Buffer }[] => {
  const plain = Buffer.from(word, "utf8");
  const form = (name: string, bytes: Buffer) => ({ name, bytes });
  return [
    form("plain", plain),
    form("UTF-16LE", Buffer.from(word, "utf16le")),
    form("UTF-16BE", Buffer.from(word, "utf16le").swap16()),
    form("hex", Buffer.from(plain.toString("hex"))),
    form("HEX", Buffer.from(plain.toString("hex").toUpperCase())),
    ...[0, 1, 2].map((shift) => form(`base64+${shift}`, base64Inner(plain, shift))),
  ];
};

/** The characters of base64 that depend on the word alone when it starts `shift` bytes into a group of three. */
const base64Inner = (word: Buffer, shift: number): Buffer => {
  const text = Buffer.concat([Buffer.alloc(shift), word])
    .toString("base64")
    .replaceAll("=", "");
  const skip = Math.ceil((shift * 8) / 6);
  const drop = (shift + word.length) % 3 === 0 ? 0 : 1;
  return Buffer.from(text.slice(skip, text.length - drop));
};

/** The bytes themselves, and what they are when unpacked. */
const readings = (source: Source): Buffer[] => {
  const unpacked = [gunzipSync, inflateSync, brotliDecompressSync].flatMap((unpack) =>
    attempt(() => unpack(source.bytes, { maxOutputLength: 64 * 1024 * 1024 })),
  );
  const rows =
    source.bytes.subarray(0, 15).toString("latin1") === "SQLite format 3" ? attempt(() => rowsOf(source.path)) : [];
  return [source.bytes, ...unpacked, ...rows];
};

/** Long values are spread over pages of the file; read through SQLite they are whole. */
const rowsOf = (file: string): Buffer => {
  const db = new Sqlite(file, { readonly: true });
  try {
    const tables = db
      .prepare("select name from sqlite_schema where type = 'table' and sql not like '%virtual table%'")
      .pluck()
      .all() as string[];
    const values = tables.flatMap((table) => db.prepare(`select * from "${table}"`).raw().all() as unknown[][]).flat();
    return Buffer.concat(
      values.flatMap((value) =>
        typeof value === "string"
          ? [Buffer.from(value), Buffer.from("\n")]
          : Buffer.isBuffer(value)
            ? [value, Buffer.from("\n")]
            : [],
      ),
    );
  } finally {
    db.close();
  }
};

const attempt = (work: () => Buffer): Buffer[] => {
  try {
    return [work()];
  } catch {
    return [];
  }
};
