/** Values of the stand-in for a host, without a word of English where a text of the app could stand. */
import type { CallView } from "#bridge/call.ts";
import type { MessageView, ThreadView } from "#bridge/thread.ts";
import { told } from "#bridge/told.ts";
import { values, WID } from "../fixtures/renderer-values.ts";
import type { RendererHost } from "../fixtures/renderer-host.ts";

export const of = <T>(kind: Parameters<typeof values>[1], argument = WID): T => values("full", kind, argument) as T;

export const call = (state: CallView["state"], part: Partial<CallView> = {}): CallView => ({
  id: `c-${state}`,
  server: "filesystem",
  serverId: "s1",
  tool: "write_file",
  args: '{"path":"/1","content":"2"}',
  asked: null,
  enclosed: null,
  state,
  rule: told("stopped"),
  request: null,
  votes: 0,
  needed: 0,
  expiresAt: null,
  decidedBy: null,
  reason: null,
  result: null,
  startedAt: null,
  endedAt: null,
  ...part,
});
export const message = (seq: number, from: MessageView["from"], parts: MessageView["parts"]): MessageView => ({
  id: `m${seq}`,
  threadId: "t1",
  seq,
  at: Date.now() - 3_600_000,
  from,
  parts,
  streaming: false,
});
const MARKDOWN = "12 **34** `5` [6](https://x.example.com/7)\n\n```js\n8\n```\n\n![9](https://x.example.com/10.png)";
export const MESSAGES: readonly MessageView[] = [
  message(1, "person", [
    { kind: "text", text: "1" },
    { kind: "call", call: call("done", { id: "c0" }) },
  ]),
  message(2, "agent", [
    { kind: "text", text: MARKDOWN },
    { kind: "error", error: told("stopped"), retry: true },
  ]),
];

export const threadView = (part: Partial<ThreadView>): ThreadView => ({ ...of<ThreadView>("thread", "t1"), ...part });
export const asMessages = (host: RendererHost, messages: readonly MessageView[]): void => {
  host.answer("thread.page", { messages, total: messages.length });
  host.put("thread/t1", threadView({ messages: messages.length }));
};
