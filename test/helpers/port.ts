/** Ports for servers that are stopped and start again where they were. */
export { freePort as keptPort } from "../../electron/main/free-port.ts";
