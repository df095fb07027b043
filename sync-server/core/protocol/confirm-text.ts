/**
 * What a device signs when its person confirms one of their own calls: shown in the popup window, which the shell
 * draws, and checked again by the gate before the call is made. It names exact bytes by their hash and no others.
 */
export const confirmText = (wid: string, device: string, hash: string): string =>
  JSON.stringify(["bulkhead-confirm-v1", wid, device, hash]);
