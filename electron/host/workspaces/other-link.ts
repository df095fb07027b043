/** A link that belongs into the other form, or came without its end: what it is, and where it goes. */

/** @param into the form that it was pasted into. Null where the text is neither link. */
export const otherLink = (typed: string, into: "found" | "join"): string | null => {
  const path = /^(?:https?:\/\/[^\s/#]+\/|bulkhead:\/\/)(found|join)(?:#|$)/i.exec(typed.trim())?.[1]?.toLowerCase();
  if (path === "found")
    return into === "found"
      ? "A part of this founding link is missing. Copy all of it again, with what follows the #."
      : "This is a founding link: with it a workspace is created, not joined. Go back, choose Create a workspace, and paste it as the server's address.";
  return path === "join" && into === "found"
    ? "This is an invite link: with it a workspace is joined, not created. Go back, choose Join with a link, and paste it there."
    : null;
};
