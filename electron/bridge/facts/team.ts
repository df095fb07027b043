/** What is said of members, roles and invites: codes and their arguments. */
export interface TeamArgs {
  "device.revoked": readonly [];
  "device.other-key": readonly [];
  "device.own-key": readonly [];
  "device.not-here": readonly [];
  "let-back.gone": readonly [];
  "let-back.self": readonly [];
  "member.gone": readonly [];
  "role.built-in": readonly [];
}
