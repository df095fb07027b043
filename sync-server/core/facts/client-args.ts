/** What the protocol's client says: codes and their arguments. */
export interface ClientArgs {
  "sealed-damaged": readonly [];
}
