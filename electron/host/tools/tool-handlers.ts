import type { toolMethods } from "#bridge/tool.ts";
import type { HandlersOf } from "../seams.ts";
import { parseConfig } from "./import-config.ts";
import type { ServerControl } from "./control.ts";

/** The methods `server.*` and `tool.*`. Parameters were parsed at the door; refusals come from the tools room. */
export const createToolHandlers = ({
  control,
}: {
  readonly control: ServerControl;
}): HandlersOf<typeof toolMethods> => ({
  "server.parse": ({ text }) => parseConfig(text, process.platform),
  "server.probe": async ({ wid, launch, values }) => ({
    tools: await control.probe(wid, launch, values),
    left: [...control.left(wid)],
  }),
  "server.add": async ({ wid, name, launch, values, effects, shares }) => ({
    id: await control.add(wid, name, launch, values, effects, shares),
  }),
  "server.remove": async ({ wid, server }) => {
    await control.remove(wid, server);
    return {};
  },
  "server.accept": async ({ wid, server, values, launch }) => {
    await control.accept(wid, server, values, launch);
    return {};
  },
  "tool.accept": async ({ wid, server, tools }) => {
    await control.acceptTools(wid, server, tools);
    return {};
  },
  "tool.withdraw": async ({ wid, server, tool, schema }) => {
    await control.withdrawTool(wid, server, tool, schema);
    return {};
  },
  "server.restart": async ({ wid, server }) => {
    await control.restart(wid, server);
    return {};
  },
  "server.log": ({ wid, server }) => ({ lines: control.log(wid, server) }),
});
