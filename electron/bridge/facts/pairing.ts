/** What is said of pairing a second device: codes and their arguments. */
export interface PairingArgs {
  "device.adds": readonly [];
}
