/** Waiting for tool servers that are on their way up, as after a start of the host, but not for one that never comes. */

/** A server that starts more slowly than this is not waited for with a person or a model at the other end. */
export const SERVERS_UP_MS = 15_000;

/** False where the server is still on its way up when that time is over. `server` null means every one of the workspace. */
export const serversUp = async (
  settled: ((wid: string, server: string | null) => Promise<void>) | undefined,
  wid: string,
  server: string | null,
): Promise<boolean> => {
  if (settled === undefined) return true;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), SERVERS_UP_MS)));
  const up = await Promise.race([settled(wid, server).then(() => true), late]);
  clearTimeout(timer);
  return up;
};
