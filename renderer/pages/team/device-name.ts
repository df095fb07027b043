/** What a device is called where its person is named beside it: as they named it, or its place among theirs. */
import type { DeviceView } from "#bridge/device.ts";
import { visibleName } from "#bridge/plain-text.ts";
import { deviceWords } from "../../text/devices.ts";

export const deviceName = ({ name }: DeviceView, index: number): string =>
  name === null ? deviceWords.device(index) : visibleName(name);

export const versionOf = ({ version }: DeviceView): string =>
  version === null ? deviceWords.noVersion : deviceWords.version(visibleName(version));
