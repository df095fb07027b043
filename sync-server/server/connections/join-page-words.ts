/** What the page behind an invite link says. It is the server's own page, so its texts stand here and not in the windows' folder. */

export interface JoinPageWords {
  /** Of the language, as a browser names it. */
  readonly lang: string;
  readonly title: string;
  readonly invited: string;
  readonly invitedWhy: string;
  readonly open: string;
  readonly notOpened: string;
  readonly paste: string;
  readonly code: string;
  readonly copy: string;
  readonly copied: string;
  readonly selected: string;
  readonly notThere: string;
  readonly getIt: string;
  readonly key: string;
  readonly broken: string;
  readonly brokenWhy: string;
  readonly noScript: string;
  readonly noScriptWhy: string;
}

export const ENGLISH_JOIN_PAGE: JoinPageWords = {
  lang: "en",
  title: "Join a workspace · Bulkhead",
  invited: "You are invited to a workspace",
  invitedWhy:
    "Bulkhead shows who invites you, to which workspace and with which role. Nothing happens before you confirm there.",
  open: "Open Bulkhead",
  notOpened: "Nothing opened?",
  paste: "Choose “Join with a link” in the app and paste this code.",
  code: "Invite code",
  copy: "Copy",
  copied: "Copied",
  selected: "Selected",
  notThere: "No Bulkhead on this computer yet?",
  getIt: "Ask the person who invited you where your team gets it, install it, then come back to this page.",
  key: "Treat this link like a key: whoever has it can use it until it is used up, expires or is revoked. Your browser did not send the code to this server.",
  broken: "This invite link is not complete",
  brokenWhy:
    "Part of it was lost on the way. Ask for the link again and copy all of it, including everything after the # sign.",
  noScript: "This page needs its script",
  noScriptWhy:
    "The invite is read by your browser alone. Copy the whole address and paste it in Bulkhead under “Join with a link”.",
};
