/** What is said as the shell: codes and their arguments. */
export interface ShellArgs {
  "host-starting": readonly [];
  "host-silent": readonly [];
  "act-over": readonly [];
  "too-many-windows": readonly [];
  "host-restarting": readonly [];
  "host-failing": readonly [];
  "not-signable": readonly [what: "format" | "sign-in" | "invite" | "kind" | "shape" | "proof"];
  "not-this-device": readonly [];
  "not-our-key": readonly [];
  /** `act`: in general; `closed`: the window that asked was left without a yes. */
  "not-confirmed": readonly [what: "vote" | "call" | "device" | "act" | "closed"];
  "unknown-request": readonly [];
  "bad-params": readonly [what: "request" | "act" | "answer.added" | "answer.signed" | "decision"];
  /** `step` names a request or step of ours, or is empty; `system` is a code of the operating system's. */
  "shell-broke": readonly [error: string, system: string | null, step: string];
  "no-pairing": readonly [what: "over" | "none"];
  "pairing-used": readonly [];
  "too-many-pairings": readonly [];
  "not-sealed-for-device": readonly [];
  "sealed-malformed": readonly [];
  "sealed-changed": readonly [];
  "secret-damaged": readonly [];
  "keys-damaged": readonly [];
  "keys-locked": readonly [];
  "keys-disk": readonly [];
  "no-keychain": readonly [];
  "too-many-keys": readonly [];
  "only-key": readonly [];
  "instance-silent": readonly [];
  "server-store-gone": readonly [];
  "server-memory": readonly [];
  "server-silent": readonly [];
  "server-stopped": readonly [port: string];
  "not-in-network": readonly [];
  "address-gone": readonly [address: string];
  "link-oversized": readonly [];
  "link-foreign": readonly [];
  "link-characters": readonly [];
  "link-damaged": readonly [];
  "link-route": readonly [];
  "not-in-popup": readonly [];
  "popup-only": readonly [what: "act" | "number" | "card"];
  "other-card": readonly [what: "card" | "somebody" | "computer" | "added" | "signed" | "decided"];
}
