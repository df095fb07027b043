import type { AgentArgs } from "#bridge/facts/agent.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

export const agentWords: SentencesOf<AgentArgs> = words("facts/agent.agentWords", {
  stopped: () => "You stopped the agent here.",
  "tools-starting": () => "Waiting for the tools to start.",
  "run-too-long": ({ number }, steps) =>
    `The agent was stopped after ${number(steps)} steps, so that it cannot go on for ever. Write what it should do next.`,
  "run-loops": () => "The agent was stopped because it made the same call five times. Tell it what to do instead.",
  "run-broke": () =>
    "Something in Bulkhead went wrong here. Nothing was sent. Try again; if it stays, restart Bulkhead.",
  "no-model": () =>
    "This thread has no model, so nothing was sent. Choose one below the message, then try again; tools can be called without one.",
  "no-model-chosen": () =>
    "No model is chosen for this thread, so nothing was sent. Choose one below the message, or call a tool with “/”.",
  "model-moved": (_, name, to) =>
    `Nothing was sent: the text of this thread would now go to ${to}, and that is not what you were told of ${name}. Try again if it may go there, or choose another model.`,
  "model-empty": () => "The model answered with nothing. Try again, or choose another model.",
  "model-removed": () => "This model was removed. Choose another one.",
  "no-such-thread": () => "This thread does not exist on this computer any more.",
  "no-such-call": () => "This call does not exist any more.",
  "nothing-to-retry": () => "There is nothing to try again in this thread.",
  "too-many-unread": ({ number }, max) =>
    `Your agent has not read the last ${number(max)} messages yet. Nothing was sent and your text stays. Stop the run, or take one of them back.`,
  "message-read": () => "Your agent has read this message meanwhile, so it cannot be taken back.",
  "tool-starting": () =>
    "The server of this tool is still starting on this computer. Nothing was changed; try again when Tools shows it as ready.",
  "tool-not-here": () => "This tool cannot be called now. Open Tools to see whether its server runs.",
  "tool-not-callable": (_, tool) =>
    `The tool “${tool}” cannot be called now: its server is not running, or has no such tool.`,
  "tool-takes-others": ({ say }, problem) => `The tool takes other arguments: ${say(problem)} Nothing was called.`,
  "call-not-allowed": ({ say }, why) => say(why),
  "call-canceled": () => "You canceled this call.",
  "run-stopped": () => "The run was stopped.",
  "call-unknown": () =>
    "Unknown, not repeated: Bulkhead stopped while this call was running. It may have happened or not. Check before you ask for it again.",
  "call-unknown-after": ({ say }, why) => `Unknown, not repeated: ${say(why)}`,
  "call-failed": () => "The tool answered with an error.",
  "no-tool-named": (_, name) => `There is no tool named “${name}”.`,
  "call-args-large": () => "The arguments are larger than 64 kB.",
  "call-args-unfit": () => "The arguments are not valid for this tool.",
  "not-changed": () => "These are the arguments that were asked. Nothing was changed.",
  "too-late": () => "This call has begun or ended, so it cannot be changed any more. Call the tool again instead.",
});
