/** Words of practice mode. */
import { words } from "./words.ts";

export const practiceWords = words("practice.practiceWords", {
  chip: "Practice",
  banner: "Practice: nothing will run, whatever is decided.",
  tryIt: "Try queue",
  tryItOf: (queue: string) => `Try queue ${queue}`,
  notAllowed: "This queue does not allow practice. Edit the queue to allow it.",
  title: (queue: string) => `Practice with ${queue}`,
  why: "Sends a request to the people of this queue, marked as practice everywhere. It can be approved and rejected, and it can never run. If the queue names you, you may decide it yourself.",
  tool: "Tool",
  example: "Built-in example",
  args: "Arguments",
  argsHelp: "One JSON object. Write something the others may read.",
  sample: '{\n  "path": "/notes/today.txt",\n  "content": "This is practice."\n}',
  sealed: "Leaves this computer if you send: these arguments, encrypted to the people of the queue",
  send: "Send practice request",
  sent: "Practice request sent",
  approve: "Approve (practice)",
  withdraw: "Withdraw",
  withdrawn: "Practice request withdrawn",
} as const);
