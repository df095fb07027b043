/** Whether an origin means the computer that dials it, whichever that is: then it leads to nobody else's server. */
export const isHere = (origin: string): boolean => {
  const host = /^https?:\/\/(\[[^\]]*\]|[^:/]+)/i.exec(origin)?.[1]?.toLowerCase() ?? "";
  return (
    host === "localhost" ||
    host.endsWith(".localhost") ||
    host === "[::1]" ||
    host === "0.0.0.0" ||
    /^127(?:\.\d+){3}$/.test(host)
  );
};
