import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Launch } from "#bridge/tool.ts";
import { createPresentText } from "../../../../electron/host/tools/present-text.ts";
import { tempDir } from "../../../helpers/temp.ts";

const stdio = (folder: string): Launch => ({
  kind: "stdio",
  command: "node",
  args: ["server.mjs", folder],
  env: [],
  vars: [],
});
const place = () => {
  const dir = tempDir();
  const folder = join(dir, "shared");
  mkdirSync(folder);
  const file = join(folder, "a.txt");
  writeFileSync(file, "one\ntwo\n");
  const secret = join(dir, "secret.txt");
  writeFileSync(secret, "private\n");
  let launch: Launch | null = stdio(folder);
  let readOnly = false;
  const present = createPresentText({ launch: () => launch, readOnly: () => readOnly });
  const ask = (args: unknown, tool = "write_file") =>
    present({ wid: "w", server: "s", tool, args: typeof args === "string" ? args : JSON.stringify(args) });
  return {
    dir,
    folder,
    file,
    secret,
    ask,
    become: (next: Launch | null) => void (launch = next),
    onlyRead: () => void (readOnly = true),
  };
};

describe("[T31] the text that a call would write over", () => {
  test("is what the file holds now, under the name that the call gives it", async () => {
    const { file, ask } = place();
    expect(await ask({ path: file, content: "new" })).toEqual({
      before: { argument: "content", path: file, text: "one\ntwo\n", cut: false },
      withinLaunch: true,
    });
    expect((await ask({ filePath: file, newContent: "new" }))?.before.argument).toBe("newContent");
    expect((await ask({ target_file: file, contents: "new", overwrite: true }, "save"))?.before.path).toBe(file);
  });

  test("is not told where it is not sure what the call means", async () => {
    const { file, ask, folder } = place();
    const unsure = [
      { path: file },
      { content: "new" },
      { path: file, file, content: "new" },
      { path: file, content: "a", text: "b" },
      { path: "shared/a.txt", content: "new" },
      { path: join(folder, "new.txt"), content: "new" },
      { path: folder, content: "new" },
      { path: [file], content: "new" },
      { path: `${file}\0`, content: "new" },
      { path: `/${file}`, content: "new" },
      `{"path":${JSON.stringify(file)},"path":"/x","content":"new"}`,
      "[]",
      "{",
    ];
    for (const args of unsure) expect(await ask(args), JSON.stringify(args)).toBeNull();
    for (const tool of ["append_file", "insert_lines", "prependText"])
      expect(await ask({ path: file, content: "new" }, tool), tool).toBeNull();
    expect(await ask({ path: file, content: "new" })).not.toBeNull();
  });

  test("is told of no tool that only reads, and of no server on another computer", async () => {
    const { file, ask, become, onlyRead, folder } = place();
    become({ kind: "http", url: "https://tools.example.com", headers: [], vars: [] });
    expect(await ask({ path: file, content: "new" })).toBeNull();
    become(null);
    expect(await ask({ path: file, content: "new" })).toBeNull();
    become(stdio(folder));
    expect(await ask({ path: file, content: "new" })).not.toBeNull();
    onlyRead();
    expect(await ask({ path: file, content: "new" })).toBeNull();
  });

  test("is bounded, and never half a character or no text at all", async () => {
    const { file, ask } = place();
    writeFileSync(file, `${"x".repeat(262_143)}äöü`);
    expect((await ask({ path: file, content: "new" }))?.before).toMatchObject({ text: "x".repeat(262_143), cut: true });
    writeFileSync(file, "x".repeat(262_144));
    expect((await ask({ path: file, content: "new" }))?.before).toMatchObject({
      text: "x".repeat(262_144),
      cut: false,
    });
    for (const bytes of [Buffer.from([0x66, 0xff, 0xfe]), Buffer.from("a\0b")]) {
      writeFileSync(file, bytes);
      expect(await ask({ path: file, content: "new" })).toBeNull();
    }
    writeFileSync(file, "");
    expect((await ask({ path: file, content: "new" }))?.before).toMatchObject({ text: "", cut: false });
  });

  test.runIf(process.platform === "linux")(
    "is never a device, a pipe, or a file of the system that hides what it holds",
    async () => {
      const { dir, ask } = place();
      const pipe = join(dir, "pipe");
      execFileSync("sh", ["-c", `mkfifo "$1"`, "sh", pipe]);
      for (const path of ["/dev/zero", pipe, "/proc/self/environ"])
        expect(await ask({ path, content: "new" }), path).toBeNull();
    },
  );
});

describe("[T2] [T31] a file outside of the folders that its server was started with", () => {
  test("is marked, so that it stays on this computer, however the call leads to it", async () => {
    const { file, secret, folder, ask, dir } = place();
    symlinkSync(secret, join(folder, "link.txt"));
    symlinkSync(dir, join(folder, "up"));
    mkdirSync(join(dir, "shared-2"));
    writeFileSync(join(dir, "shared-2", "b.txt"), "neighbour");
    for (const path of [
      secret,
      join(folder, "link.txt"),
      join(folder, "up", "secret.txt"),
      `${folder}/../secret.txt`,
      join(dir, "shared-2", "b.txt"),
    ]) {
      expect(await ask({ path, content: "new" }), path).toMatchObject({ withinLaunch: false });
    }
    symlinkSync(folder, join(dir, "way"));
    for (const path of [file, join(dir, "way", "a.txt")])
      expect(await ask({ path, content: "new" }), path).toMatchObject({
        withinLaunch: true,
        before: { text: "one\ntwo\n" },
      });
  });
});
