/** Replacing the key of the device that this is. */
import { KeyRound } from "lucide-react";
import { useState } from "react";
import type { DeviceView } from "#bridge/device.ts";
import { request } from "../state/host.ts";
import { saidDone } from "../state/toasts.ts";
import { deviceWords as words } from "../text/devices.ts";
import { Button } from "./basic.tsx";
import { Confirm } from "./dialog.tsx";
import { factWords } from "../text/facts.ts";

export const ReplaceKey = ({
  wid,
  device,
  look,
}: {
  readonly wid: string;
  readonly device: DeviceView;
  readonly look?: "plain";
}) => {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button
        size="small"
        {...(look === undefined ? {} : { look })}
        disabled={!device.canReplaceKey.allowed}
        title={factWords(device.canReplaceKey.why)}
        icon={<KeyRound className="icon small" aria-hidden />}
        onClick={() => setAsking(true)}
      >
        {words.replace}
      </Button>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={words.replaceTitle}
        verb={words.replace}
        work={() => request("device.replaceKey", { wid }).then(() => saidDone(words.replaced))}
      >
        {words.replaceWhy}
      </Confirm>
    </>
  );
};
