/** `docs/fields.md` from the list in the core. Run this file to write it again. */
import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { SYNCED_FIELDS } from "#core/protocol/documents.ts";

export const FIELDS_PAGE = resolve(import.meta.dirname, "../../docs/fields.md");

export const fieldsPage = (): string => {
  const tables = Object.entries(SYNCED_FIELDS).map(([group, fields]) => {
    const rows = Object.entries(fields).map(([path, words]) => `| \`${path}\` | ${words} |`);
    return [
      `## ${group}`,
      "",
      ...(rows.length === 0 ? ["No fields."] : ["| field | what it is |", "|---|---|", ...rows]),
    ].join("\n");
  });
  return `${INTRO}\n\n${tables.join("\n\n")}\n`;
};

const INTRO = `# Every field that the sync server holds

The server keeps entries: JSON around a signed command. These are all fields that may be in one; a command with any other
key is refused. A test compares this page with the parsers. Beside the entries there is the name and position of each
(workspace, document, number) and the server's own signing key.

Names of people, workspace, roles, queues, tools and tool servers, labels of invites, launch commands of shared tool
servers and values of rule conditions are readable to the server. Arguments and notes of approvals are sealed. There is
no field for a thread, a message, a title or a result: what a person lets approvers read is in the sealed text of that request.`;

if (import.meta.main) {
  mkdirSync(resolve(FIELDS_PAGE, ".."), { recursive: true });
  writeFileSync(FIELDS_PAGE, fieldsPage());
}
