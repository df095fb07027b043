/**
 * The texts that a page says by itself and that no walk of pseudo.spec.ts comes to, each with the reason. They may only
 * become fewer: one that is seen is named no more. A page that is not here is seen whole, so a new text on one is walked
 * to or named.
 */

const MOMENT = "stands for the moment in which an answer of this computer is on its way";
const MEANWHILE = "comes of what somebody else does in the second in which a vote can be taken back";
const EXACT = "stands where output is shown as it is, which is not read as the app's words";
/** Beside others of its page that are seen, behind a value that no walk has yet. */
const BEHIND = "behind a value that no walk has";

export const UNSEEN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "renderer/pages/arrivals/popup-arrival.tsx": {
    "Opening the card": MOMENT,
  },
  "renderer/pages/audit/audit-page.tsx": {
    Loading: MOMENT,
  },
  "renderer/pages/cards/cards-page.tsx": {
    Loading: MOMENT,
  },
  "renderer/pages/cards/decide.tsx": {
    "The card changed, so nothing was signed. Read it again.": MEANWHILE,
  },
  "renderer/pages/cards/popup.tsx": {
    "Opening the card": MOMENT,
  },
  "renderer/pages/settings/report-problem.tsx": {
    "The log is empty.": EXACT,
  },
  "renderer/pages/team/explain.tsx": {
    Loading: MOMENT,
  },
  "renderer/pages/team/invites.tsx": {
    Loading: MOMENT,
  },
  "renderer/pages/team/roles.tsx": {
    "Nothing. Who has it reads the list of members.": BEHIND,
  },
  "renderer/pages/team/team-page.tsx": {
    Loading: MOMENT,
  },
  "renderer/pages/thread/thread-page.tsx": {
    Loading: MOMENT,
  },
  "renderer/pages/tools/server-log.tsx": {
    "The server wrote nothing yet.": EXACT,
  },
  "renderer/pages/tools/tools-page.tsx": {
    Loading: MOMENT,
  },
  "renderer/parts/arguments-form.tsx": {
    "This tool's schema is too free for a form. Write the arguments as one JSON object.": BEHIND,
  },
  "renderer/parts/call-card.tsx": {
    "What you changed": BEHIND,
  },
  "renderer/parts/card-body.tsx": {
    "letters that look Latin and are not": BEHIND,
  },
  "renderer/parts/compare-dialog.tsx": {
    "Working out the words. This is slow on purpose, so that nobody can try out many.": MOMENT,
  },
  "renderer/parts/enclosed.tsx": {
    "By your choice in Settings, what the file of the call holds now goes too.": BEHIND,
    "Compared with the file as it is now on this computer. Approvers see it as it was when you asked.": BEHIND,
  },
  "renderer/parts/lie-dialog.tsx": {
    Loading: MOMENT,
  },
  "renderer/parts/reach.tsx": {
    Loading: MOMENT,
  },
};
