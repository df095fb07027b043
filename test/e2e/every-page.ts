/**
 * The texts that a page says by itself and that no walk of pseudo.spec.ts comes to, each with the reason. They may only
 * become fewer. A page that is not here is seen whole, so a new text on one is walked to or named.
 */

const MOMENT = "stands while something is under way";
const MEANWHILE = "comes of what somebody else does while it is open";
const LARGE = "takes a file of its size";
/** Beside others of its page that are seen, behind a press or a value that no walk has yet. */
const BEHIND = "behind a press or a value that no walk has";

export const UNSEEN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "renderer/pages/app.tsx": {
    "It may have been ended. It is tried again. Your threads are kept on this computer.": BEHIND,
    "It opens your threads and tools on this computer.": BEHIND,
    "Your threads could not be opened": BEHIND,
  },
  "renderer/pages/audit/export-dialog.tsx": {
    Stop: MOMENT,
  },
  "renderer/pages/audit/verify-dialog.tsx": {
    "This file is larger than 32 MB. Verify it with npm run verify-audit, which takes any size.": LARGE,
  },
  "renderer/pages/cards/cards-page.tsx": {
    "For others to decide": BEHIND,
    "The arguments were changed, and the call was asked again.": BEHIND,
    "Open the card that took its place": BEHIND,
    "Practice request withdrawn": BEHIND,
    Withdraw: BEHIND,
  },
  "renderer/pages/cards/decide.tsx": {
    "The card changed, so nothing was signed. Read it again.": MEANWHILE,
  },
  "renderer/pages/cards/stand-in.tsx": {
    "Date and time": BEHIND,
  },
  "renderer/pages/pair/arrive-form.tsx": {
    "My other computer": BEHIND,
  },
  "renderer/pages/settings/models.tsx": {
    "New threads have it already.": BEHIND,
    "Its key is deleted from this computer. Threads that used it keep their messages and have no model until you choose one.":
      BEHIND,
    "It is the default: new threads have no model until you make another one the default.": BEHIND,
  },
  "renderer/pages/settings/report-problem.tsx": {
    "The log is empty.": BEHIND,
  },
  "renderer/pages/settings/settings-page.tsx": {
    "Its threads are deleted from this computer and cannot be brought back. You stay a member on the server until somebody removes you.":
      BEHIND,
  },
  "renderer/pages/settings/this-device.tsx": {
    "This device is not in this workspace any more. Ask an Admin to let you back in.": BEHIND,
  },
  "renderer/pages/team/devices.tsx": {
    "Revoke this device?": BEHIND,
    "It can no longer sync, vote or use tools that ask. What it approved and nobody ran yet has to be asked again. What it holds already stays on it.":
      BEHIND,
  },
  "renderer/pages/team/invite-dialog.tsx": {
    "Its link is only on the computer that made it.": BEHIND,
  },
  "renderer/pages/team/invites.tsx": {
    "Sent links useless: send it again": BEHIND,
  },
  "renderer/pages/team/let-back.tsx": {
    "Make the link": BEHIND,
  },
  "renderer/pages/team/members.tsx": {
    "You lose access on all your devices at the next sync, and your votes and requests no longer count. Your private threads stay yours.":
      BEHIND,
    "They lose access on all their devices at the next sync, and their votes and requests no longer count. Their private threads stay theirs.":
      BEHIND,
  },
  "renderer/pages/team/role-dialog.tsx": {
    "This is your own role. A right that you take away from it here you cannot give back.": BEHIND,
  },
  "renderer/pages/tools/add-server.tsx": {
    "Starting the server on this computer": MOMENT,
    "It is no secret: share it": BEHIND,
    "Show output": MOMENT,
  },
  "renderer/pages/tools/change-values.tsx": {
    "The server starts again with them. An empty field keeps the value it has.": BEHIND,
    "Save and restart": BEHIND,
  },
  "renderer/pages/tools/changed-tool.tsx": {
    "This computer never saw what was accepted before, so all of it is shown as new.": BEHIND,
    "Accept for everybody": BEHIND,
    "Somebody who may configure tools accepts it.": BEHIND,
  },
  "renderer/pages/tools/env-fields.tsx": {
    "They stay on this computer. Each teammate fills in their own.": BEHIND,
    "Home folder of this computer": BEHIND,
  },
  "renderer/pages/tools/listed-tools.tsx": {
    Different: BEHIND,
  },
  "renderer/pages/tools/queues.tsx": {
    "This queue does not allow practice. Edit the queue to allow it.": BEHIND,
  },
  "renderer/pages/tools/remove-queue.tsx": {
    "Remove queue": BEHIND,
  },
  "renderer/pages/tools/rule-conditions.tsx": {
    path: BEHIND,
  },
  "renderer/pages/tools/rule-editor.tsx": {
    "Edit rule": BEHIND,
  },
  "renderer/pages/tools/rule-try.tsx": {
    "There is no tool to try yet. Add a tool server first.": BEHIND,
    "Also fit, and are less strict": BEHIND,
  },
  "renderer/pages/tools/rule-what.tsx": {
    "Every tool": BEHIND,
    "Choose tools": BEHIND,
    "Find a tool": BEHIND,
  },
  "renderer/pages/tools/server-log.tsx": {
    "The server wrote nothing yet.": BEHIND,
  },
  "renderer/pages/tools/server-section.tsx": {
    "Review it first.": BEHIND,
    "It takes no values of each person's own.": BEHIND,
    "Starting on this computer.": BEHIND,
    "No tools listed yet.": BEHIND,
    "Description and schema": BEHIND,
  },
  "renderer/pages/tools/try-queue.tsx": {
    "Practice request sent": BEHIND,
  },
  "renderer/parts/arguments-form.tsx": {
    "The fields cannot show all of this, so it stays JSON.": BEHIND,
    "This tool's schema is too free for a form. Write the arguments as one JSON object.": BEHIND,
  },
  "renderer/parts/call-card.tsx": {
    "What you changed": BEHIND,
    "The tool answered without text.": BEHIND,
  },
  "renderer/parts/card-body.tsx": {
    "letters that look Latin and are not": BEHIND,
  },
  "renderer/parts/changed-arguments.tsx": {
    "This computer cannot open the earlier one, so read all of it.": BEHIND,
  },
  "renderer/parts/compare-dialog.tsx": {
    "Do the words differ?": BEHIND,
    "Stop approvals": BEHIND,
    "First check that you both compared the same entry and workspace. If they do differ, the server shows you two histories: approvals stop on this computer, and it is kept as evidence. Your teammate should do the same.":
      BEHIND,
  },
  "renderer/parts/edit-call.tsx": {
    "This call has begun or ended meanwhile, so it cannot be changed any more.": MEANWHILE,
    "The server of this tool does not run on this computer now, so the call cannot be changed. See Tools, then try again.":
      MEANWHILE,
    "Open as a new call": MEANWHILE,
    "This call has begun or ended meanwhile. What you typed is still here.": MEANWHILE,
  },
  "renderer/parts/enclosed.tsx": {
    "By your choice in Settings, what the file of the call holds now goes too.": BEHIND,
    "Compared with the file as it is now on this computer. Approvers see it as it was when you asked.": BEHIND,
  },
  "renderer/parts/lie-dialog.tsx": {
    "Nothing is kept yet.": BEHIND,
  },
  "renderer/parts/policy-preview.tsx": {
    "This is about every tool of every server, for everybody, whatever the arguments.": BEHIND,
    "Go on with the rules that hold now": MEANWHILE,
  },
  "renderer/parts/unnamed.tsx": {
    "It holds for everybody now": BEHIND,
    "Nobody else here can approve yet, so such a call would be refused until somebody joins who may.": BEHIND,
    "What waits to be confirmed now ends. It can be called again.": BEHIND,
    "Calls that no rule names then wait until somebody else approves them.": BEHIND,
    "Ask others instead": BEHIND,
    "Keep confirming": BEHIND,
  },
};
