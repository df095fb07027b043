/** A person who talks to the agent through a scripted model. */
import type { RpcClient } from "../../scripts/apps/rpc-client.ts";
import type { ModelServer } from "./model-server.ts";
import type { Person } from "./world.ts";
import { PATIENCE_MS } from "./wait.ts";

export const withModel = async (person: Person, server: ModelServer): Promise<void> => {
  const { id } = await person.rpc.call("model.add", {
    kind: "openai-compatible",
    name: "Scripted",
    model: "scripted",
    baseUrl: `${server.url}/v1`,
    key: null,
  });
  await person.rpc.call("model.setDefault", { model: id });
};

/** Sends a message and waits for the end of the run that it starts. */
export const talk = async (rpc: RpcClient, wid: string, thread: string, text: string): Promise<void> => {
  const answered = (await rpc.call("thread.page", { thread, before: null, limit: 1 })).total + 2;
  await rpc.call("thread.send", { thread, text });
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until) {
    const { messages, total } = await rpc.call("thread.page", { thread, before: null, limit: 1 });
    if (total >= answered && messages.every((message) => !message.streaming)) break;
    await new Promise((done) => setTimeout(done, 15));
  }
  await rpc.when("threads", wid, (threads) => threads.some((one) => one.id === thread && one.state === "idle"));
};
