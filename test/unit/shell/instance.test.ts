import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { claimInstance, socketPath } from "../../../electron/shell/instance.ts";
import { tempDir } from "../../helpers/temp.ts";

const claimed = async (data: string, got: (string | null)[] = []) => {
  const claim = await claimInstance(data, null, (link) => {
    got.push(link);
    return "http://127.0.0.1:1/#token=t";
  });
  onTestFinished(() => (claim.first ? claim.release() : undefined));
  return claim;
};

test("one instance per data folder: a later start hands its link over and learns the address", async () => {
  const data = tempDir();
  const got: (string | null)[] = [];
  expect((await claimed(data, got)).first).toBe(true);
  const second = await claimInstance(data, "bulkhead://join#a", () => null);
  expect(second).toEqual({ first: false, address: "http://127.0.0.1:1/#token=t" });
  await claimInstance(data, null, () => null);
  expect(got).toEqual(["bulkhead://join#a", null]);
  expect((await claimed(tempDir())).first).toBe(true);
});

test("a folder is free again after a clean end and after a kill", async () => {
  const data = tempDir();
  const claim = await claimed(data);
  if (claim.first) await claim.release();
  expect(existsSync(socketPath(data))).toBe(false);
  const script = `import { claimInstance } from ${JSON.stringify(fileURLToPath(new URL("../../../electron/shell/instance.ts", import.meta.url)))}; await claimInstance(process.argv[1], null, () => null); process.stdout.write("claimed");`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script, data], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("exit", resolve));
  expect(existsSync(socketPath(data))).toBe(true);
  expect((await claimed(data)).first).toBe(true);
});

test("only this account reaches the socket", async () => {
  const data = join(tempDir(), "new");
  await claimed(data);
  expect(statSync(data).mode & 0o777).toBe(0o700);
  expect(statSync(socketPath(data)).mode & 0o777).toBe(0o600);
});

test("garbage at the socket hands nothing over and ends nothing", async () => {
  const data = tempDir();
  const got: (string | null)[] = [];
  await claimed(data, got);
  for (const bad of ["\n", "{}\n", '{"link":1}\n', '{"link":null,"more":1}\n', "x".repeat(10_000)]) {
    const answer = await new Promise<string>((resolve) => {
      let text = "";
      const socket = createConnection(socketPath(data), () => socket.write(bad));
      socket.on("data", (chunk) => (text += String(chunk)));
      socket.on("error", () => undefined);
      socket.on("close", () => resolve(text));
    });
    expect(answer, bad.slice(0, 20)).toBe("");
  }
  expect(got).toEqual([]);
  await claimInstance(data, "bulkhead://join#a", () => null);
  expect(got).toEqual(["bulkhead://join#a"]);
});

test("a running instance that does not answer is not pushed aside", async () => {
  const data = tempDir();
  const mute = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => mute.listen(socketPath(data), resolve));
  onTestFinished(() => void mute.close());
  await expect(claimInstance(data, null, () => null)).rejects.toMatchObject({ code: "instance-silent" });
  expect(existsSync(socketPath(data))).toBe(true);
});

test("the socket has a short name however deep the folder is", () => {
  const deep = `/${"deep/".repeat(60)}`;
  expect(Buffer.byteLength(socketPath(deep, "linux"))).toBeLessThan(104);
  expect(socketPath(deep, "linux")).not.toBe(socketPath(`${deep}er`, "linux"));
  expect(socketPath("C:\\data", "win32")).toMatch(/^\\\\\.\\pipe\\bulkhead-[0-9a-f]{24}$/);
});
