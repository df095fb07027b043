/** What is said of pairing a second device: codes and their arguments. */
export interface PairingArgs {
  "pair-too-long": readonly [];
  "pair-malformed": readonly [];
  "pair-version": readonly [];
  "pair-server": readonly [];
  "pair-is-invite": readonly [];
  "pair-stopped": readonly [];
  "pair-declined": readonly [];
  "pair-twice": readonly [];
  "pair-expired": readonly [];
  "pair-left": readonly [];
  "pair-unfit": readonly [];
  "pair-key-closed": readonly [];
  "pair-old-server": readonly [];
  "pair-lost": readonly [];
  "pair-busy": readonly [];
  "pair-refused": readonly [];
  "pair-out": readonly [];
  "pair-paused": readonly [];
  "pair-offline": readonly [];
  "pair-gone": readonly [];
  "pair-over": readonly [];
  "pair-declined-there": readonly [];
  "pair-own-key-closed": readonly [];
  "pair-failed": readonly [];
  "pair-unfit-here": readonly [];
  "pair-no-workspace": readonly [];
  "already-here": readonly [];
  "device.adds": readonly [];
}
