import { worded, wordsOf } from "../../../helpers/worded.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import { freePort } from "../../../../electron/shell/free-port.ts";
import { KEY, ask, modelRoom, run, served } from "../../../helpers/model-room.ts";

describe.each(["openai-compatible", "openai", "anthropic"] as const)("a step on %s", (kind) => {
  test("streams text as it comes and reports what was used", async () => {
    const server = await served(() => [{ text: "Hel" }, { text: "lo" }]);
    const { room, add } = modelRoom();
    const { result, deltas } = await run(room, await add(kind, `${server.url}/v1`));
    expect(deltas).toEqual(["Hel", "lo"]);
    expect(result).toEqual({ text: "Hello", calls: [], usage: { tokensIn: 11, tokensOut: 7 } });
  });

  test("answers text and parallel calls with their exact arguments, and calls nothing", async () => {
    const server = await served(() => [
      { text: "Two." },
      { call: { id: "a1", name: "files__read", args: { path: "é\n" } } },
      { call: { id: "a2", name: "files__read", args: { path: "b" } } },
    ]);
    const { room, add } = modelRoom();
    const { result } = await run(room, await add(kind, `${server.url}/v1`));
    expect(result?.calls).toEqual([
      { id: "a1", name: "files__read", args: '{"path":"é\\n"}', problem: null },
      { id: "a2", name: "files__read", args: '{"path":"b"}', problem: null },
    ]);
    expect(server.requests).toHaveLength(1);
  });

  test("sends instructions, turns, results and tool definitions, and the key only in its header", async () => {
    const server = await served(() => [{ text: "ok" }]);
    const { room, add } = modelRoom();
    await run(room, await add(kind, `${server.url}/v1`));
    const { body = "", headers } = server.requests[0] ?? {};
    for (const piece of ["Be brief.", "Read a.txt", "Reading.", "hello", "And b.txt", "files__read", "Reads a file"])
      expect(body).toContain(piece);
    expect(body).not.toContain(KEY);
    expect(JSON.stringify(headers)).toContain(KEY);
  });

  test("[T31] arguments that would not arrive as the model wrote them come as it wrote them, to be refused", async () => {
    for (const args of ['{"path":9007199254740993.0}', '{"path":"a","path":"b"}']) {
      const server = await served(() => [{ call: { id: "a1", name: "files__read", args } }]);
      const { room, add } = modelRoom();
      const { result } = await run(room, await add(kind, `${server.url}/v1`));
      expect(result?.calls).toEqual([{ id: "a1", name: "files__read", args, problem: null }]);
    }
  });

  test("a call that is not JSON is handed back with a problem instead of being guessed at", async () => {
    const server = await served(() => [{ call: { id: "a1", name: "files__read", args: '{"path": ' } }]);
    const { room, add } = modelRoom();
    const { result, refusal } = await run(room, await add(kind, `${server.url}/v1`));
    if (result === null) expect(refusal?.code).toBe("model-garbage");
    else expect(result.calls[0]?.problem).toEqual(worded("The arguments are not valid for this tool."));
  });

  test("a wrong key is model-auth, and the key is in no error and no log", async () => {
    const server = await served(() => ({
      status: 401,
      body: JSON.stringify({ error: { type: "authentication_error", message: `Incorrect API key provided: ${KEY}` } }),
    }));
    const { room, add, lines, sealed } = modelRoom();
    const { refusal } = await run(room, await add(kind, `${server.url}/v1`));
    expect(refusal?.code).toBe("model-auth");
    expect(`${wordsOf(refusal)}${JSON.stringify(refusal?.view)}${refusal?.stack}${lines.join("")}`).not.toContain(KEY);
    expect(sealed).toHaveLength(1);
  });

  test("a rate limit is waited for, visibly and a bounded number of times, then said in words", async () => {
    const server = await served(() => ({
      status: 429,
      headers: { "retry-after-ms": "5" },
      body: JSON.stringify({ error: { type: "rate_limit_error", message: "slow down" } }),
    }));
    const { room, add } = modelRoom();
    const { refusal, waits } = await run(room, await add(kind, `${server.url}/v1`));
    expect(refusal?.code).toBe("model-rate-limited");
    expect(server.requests).toHaveLength(3);
    expect(wordsOf(waits[0])).toContain("Trying again in 1 second");
    expect(waits.at(-1)).toBeNull();
  });

  test("an overloaded endpoint that comes back answers in the end", async () => {
    const server = await served((index) => (index === 0 ? { status: 503, body: "{}" } : [{ text: "back" }]));
    const { room, add } = modelRoom();
    expect((await run(room, await add(kind, `${server.url}/v1`))).result?.text).toBe("back");
  });

  test("a wait longer than a minute is the person's to decide: no retry, the time in words", async () => {
    const server = await served(() => ({ status: 429, headers: { "retry-after": "600" }, body: "{}" }));
    const { room, add } = modelRoom();
    const { refusal } = await run(room, await add(kind, `${server.url}/v1`));
    expect(wordsOf(refusal)).toContain("10 minutes");
    expect(server.requests).toHaveLength(1);
  });

  test("a stream of garbage is model-garbage", async () => {
    const server = await served(() => [{ raw: "data: {not json}\n\n" }]);
    const { room, add } = modelRoom();
    expect((await run(room, await add(kind, `${server.url}/v1`))).refusal?.code).toBe("model-garbage");
  });

  test("a web page instead of an answer is model-garbage", async () => {
    const server = await served(() => ({
      status: 200,
      headers: { "content-type": "text/html" },
      body: "<html>Sign in</html>",
    }));
    const { room, add } = modelRoom();
    expect((await run(room, await add(kind, `${server.url}/v1`))).refusal?.code).toBe("model-garbage");
  });

  test("a connection that breaks in the middle is said as such, and its text was shown", async () => {
    const server = await served(() => [{ text: "Half a sen" }, { pauseMs: 50 }, { cut: true }]);
    const { room, add } = modelRoom();
    const { refusal, deltas } = await run(room, await add(kind, `${server.url}/v1`));
    expect(refusal?.code).toBe("model-down");
    expect(wordsOf(refusal)).toContain("broke in the middle");
    expect(deltas.join("")).toBe("Half a sen");
    expect(server.requests).toHaveLength(1);
  });

  test("a silent endpoint is model-slow", async () => {
    const server = await served(() => [{ hang: true }]);
    const { room, add } = modelRoom({ silenceMs: 150 });
    expect((await run(room, await add(kind, `${server.url}/v1`))).refusal?.code).toBe("model-slow");
  });

  test("a flood is cut off", async () => {
    const server = await served(() => Array.from({ length: 300 }, () => ({ text: "x".repeat(1_000) })));
    const { room, add } = modelRoom({ bytes: 100_000 });
    expect((await run(room, await add(kind, `${server.url}/v1`))).refusal?.code).toBe("model-flood");
  });

  test("a thread that is too long is told apart from other refusals", async () => {
    const server = await served(() => ({
      status: 400,
      body: JSON.stringify({
        type: "error",
        error: { type: "invalid_request_error", message: "This model's maximum context length is 8192 tokens." },
      }),
    }));
    const { room, add } = modelRoom();
    expect((await run(room, await add(kind, `${server.url}/v1`))).refusal?.code).toBe("model-too-long");
  });

  test("a stop breaks the stream at once", async () => {
    const server = await served(() => [{ text: "a" }, { hang: true }]);
    const { room, add } = modelRoom();
    const stop = new AbortController();
    const model = await add(kind, `${server.url}/v1`);
    const stopped = room.step(model, ask, { signal: stop.signal, onText: () => stop.abort(), onWait: () => undefined });
    await expect(stopped).rejects.toThrow(/abort/i);
  });
});

test("an endpoint that nobody listens on is not reached, and the sentence names the host", async () => {
  const port = await freePort();
  const { room, add } = modelRoom();
  const { refusal } = await run(room, await add("openai-compatible", `http://127.0.0.1:${port}/v1`));
  expect(refusal?.code).toBe("model-unreached");
  expect(wordsOf(refusal)).toContain(`127.0.0.1:${port}`);
});

test("a redirect to another host is not followed: the text goes where the person was told", async () => {
  const other = await served(() => [{ text: "stolen" }]);
  const server = await served(() => ({ status: 307, headers: { location: `${other.url}/v1/chat/completions` } }));
  const { room, add } = modelRoom();
  expect((await run(room, await add("openai-compatible", `${server.url}/v1`))).refusal?.code).toBe("model-redirect");
  expect(other.requests).toHaveLength(0);
});

test("keys and addresses in the environment are not used", async () => {
  process.env["OPENAI_API_KEY"] = "sk-from-environment-000000";
  onTestFinished(() => void delete process.env["OPENAI_API_KEY"]);
  const server = await served(() => [{ text: "ok" }]);
  const { room, add } = modelRoom();
  await run(room, await add("openai-compatible", `${server.url}/v1`, null));
  expect(JSON.stringify(server.requests[0]?.headers)).not.toContain("environment");
  await expect(add("openai", `${server.url}/v1`, null)).rejects.toMatchObject({ code: "model-key-missing" });
});

test("model.test says in words what is wrong, and nothing when all is well", async () => {
  const server = await served((index) =>
    index === 0 ? [{ text: "ready" }] : { status: 404, body: JSON.stringify({ error: { message: "no such model" } }) },
  );
  const { room, add } = modelRoom();
  const model = await add("openai-compatible", `${server.url}/v1`);
  expect(await room.handlers["model.test"]({ model })).toEqual({ ok: true, problem: null });
  const second = await room.handlers["model.test"]({ model });
  expect(second.problem?.code).toBe("model-missing");
});
