/**
 * Checks the direction of imports and the doors of `import-rules.ts` over a source tree. Reads syntax, not text, so
 * that a comment never counts and a re-export, a type import or a dynamic import always does.
 */
import { dirname, relative, resolve, sep } from "node:path";
import { EXCEPTIONS } from "./import-exceptions.ts";
import { BARE, DOORS, PACKAGE_DOORS, ROOMS } from "./import-rules.ts";
import type { Door, Room } from "./import-rules.ts";
import { findIn, isNode, walk } from "./source.ts";
import type { Finding, Node, Source } from "./source.ts";

interface Breach extends Finding {
  /** `file > target` where it is an import that a room may not make: as the list of exceptions spells it. */
  readonly from?: string;
}

/** Every breach under `root`. A file that cannot be parsed is a breach too, and so is an exception that nothing needs. */
export const findBreaches = (root: string, exceptions: readonly string[] = EXCEPTIONS): Finding[] => {
  const needed = new Set<string>();
  const tops = [...new Set(ROOMS.map((room) => room.folder.split("/")[0] ?? room.folder))];
  const found = findIn(root, tops, (source) =>
    breachesIn(source).filter(({ from }) => {
      const excepted = from !== undefined && exceptions.includes(from);
      if (excepted) needed.add(from);
      return !excepted;
    }),
  );
  const idle = exceptions.filter((line) => !needed.has(line));
  const sentence = "is an exception that nothing needs any more: take it out of the list";
  return [...found, ...idle.map((line) => ({ file: line, line: 1, sentence }))];
};

const breachesIn = ({ file, program, lineAt }: Source): Breach[] => {
  const facts = factsOf(program);
  return [
    ...facts.imports.flatMap(({ target, start }) =>
      importBreaches(file, target).map((sentence) => ({
        file,
        line: lineAt(start),
        sentence,
        ...spelled(file, target),
      })),
    ),
    ...facts.doors.flatMap(({ door, start }) =>
      doorBreaches(file, door).map((sentence) => ({ file, line: lineAt(start), sentence })),
    ),
  ];
};

// ---- what a file says -----------------------------------------------------------------------------

interface Facts {
  readonly imports: { readonly target: string; readonly start: number }[];
  readonly doors: { readonly door: Door; readonly start: number }[];
}
const factsOf = (program: unknown): Facts => {
  const facts: Facts = { imports: [], doors: [] };
  walk(program, (node) => {
    const target = importTarget(node);
    if (target !== undefined) facts.imports.push({ target, start: node.start });
    const door = doorOf(node);
    if (door !== undefined) facts.doors.push({ door, start: node.start });
  });
  return facts;
};

const IMPORTING = new Set([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "ImportExpression",
  "TSImportType",
  "TSExternalModuleReference",
]);

const importTarget = (node: Node): string | undefined => {
  if (IMPORTING.has(node.type))
    return literal(node["source"]) ?? literal(node["argument"]) ?? literal(node["expression"]);
  if (node.type !== "CallExpression" || nameOf(node["callee"]) !== "require") return undefined;
  return literal((node["arguments"] as unknown[])[0]);
};

const doorOf = (node: Node): Door | undefined => {
  if (node.type === "Literal" && node["value"] === "tools/call") return DOORS.toolsCall;
  if (node.type === "CallExpression" && nameOf((node["callee"] as Node)["property"]) === "callTool")
    return DOORS.toolsCall;
  if (node.type === "TSAsExpression" && typeName(node["typeAnnotation"]) === "Permit") return DOORS.permitCast;
  if (node.type === "TSTypeAssertion" && typeName(node["typeAnnotation"]) === "Permit") return DOORS.permitCast;
  if (node.type === "Identifier" && node["name"] === "setInterval") return DOORS.interval;
  if (node.type === "Identifier" && node["name"] === "ipcMain") return DOORS.ipcMain;
  return undefined;
};

const literal = (value: unknown): string | undefined => {
  if (!isNode(value)) return undefined;
  const inner = value.type === "TSLiteralType" ? value["literal"] : value;
  return isNode(inner) && typeof inner["value"] === "string" ? inner["value"] : undefined;
};
const nameOf = (value: unknown): string | undefined =>
  isNode(value) && typeof value["name"] === "string" ? value["name"] : undefined;
const typeName = (value: unknown): string | undefined => (isNode(value) ? nameOf(value["typeName"]) : undefined);

// ---- what is allowed ------------------------------------------------------------------------------

const under = (file: string, place: string): boolean => file === place || file.startsWith(`${place}/`);
/** The longest name that fits: rooms stand inside rooms. */
const roomOf = (file: string): Room | undefined =>
  ROOMS.filter((room) => under(file, room.folder)).sort((a, b) => b.folder.length - a.folder.length)[0];
const unrestricted = (file: string): boolean => under(file, "test") || under(file, "scripts");

const ALIASES: readonly (readonly [string, string])[] = [
  ["#core/", "sync-server/core/"],
  ["#client/", "sync-server/client/"],
  ["#node/", "sync-server/node/"],
  ["#bridge/", "electron/bridge/"],
  ["#text/", "renderer/text/"],
];

/** Where an import leads inside the tree, or `null` for a package. */
const localTarget = (file: string, target: string): string | null => {
  for (const [alias, place] of ALIASES) if (target.startsWith(alias)) return place + target.slice(alias.length);
  if (!target.startsWith(".")) return null;
  return relative(resolve("/"), resolve("/", dirname(file), target))
    .split(sep)
    .join("/");
};

const importBreaches = (file: string, target: string): string[] => {
  const place = localTarget(file, target);
  return place === null ? packageBreaches(file, target) : roomBreaches(file, place);
};

const spelled = (file: string, target: string): { readonly from?: string } => {
  const place = localTarget(file, target);
  return place === null ? {} : { from: `${file} > ${place}` };
};

const roomBreaches = (file: string, place: string): string[] => {
  const from = roomOf(file);
  const to = roomOf(place);
  if (from === undefined || to === undefined || from === to || from.reaches.includes("*")) return [];
  if (under(place, from.folder) || from.reaches.some((reach) => under(place, reach))) return [];
  const allowed = from.reaches.length === 0 ? "nothing" : from.reaches.join(", ");
  return [`${from.folder} may not import ${to.folder} (${place}); it may import ${allowed}`];
};

const packageBreaches = (file: string, target: string): string[] => {
  if (unrestricted(file)) return [];
  const bare = BARE.find(({ folder }) => under(file, folder));
  if (bare !== undefined && !bare.only.test(target))
    return [`${bare.folder} runs without Node, Electron and a window: it may not import ${target}`];
  return PACKAGE_DOORS.filter(
    (door) => door.packages.test(target) && !door.only.some((place) => under(file, place)),
  ).map((door) => `${target} may be imported only in ${door.only.join(", ")}: ${door.because}`);
};

const doorBreaches = (file: string, door: Door): string[] =>
  unrestricted(file) || file === door.file || (door.within !== undefined && !under(file, door.within))
    ? []
    : [`${door.what} belongs in ${door.file} alone: ${door.because}`];
