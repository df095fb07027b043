/** Everybody is told once when somebody comes back with a new device; the Team page keeps saying it. */
import { useEffect, useRef } from "react";
import { cameBackWords } from "../text/devices.ts";
import { useTopic } from "./host.ts";
import { told } from "./toasts.ts";

export const useCameBack = (wid: string): void => {
  const team = useTopic("team", wid);
  /** What was known when this window first saw the workspace is no news. */
  const known = useRef<{ readonly wid: string; readonly devices: ReadonlySet<string> } | null>(null);
  useEffect(() => {
    if (team === undefined || team.wid !== wid) return;
    const before = known.current?.wid === wid ? known.current.devices : null;
    known.current = { wid, devices: new Set(team.cameBack.map(({ device }) => device)) };
    for (const { device, name, by } of before === null ? [] : team.cameBack)
      if (!before?.has(device)) told(cameBackWords(name, by));
  }, [team, wid]);
};
