/** A link that belongs into the other form, or came without its end: what it is, and where it goes. */
import { told } from "#bridge/told.ts";
import type { Told } from "#bridge/told.ts";

/** @param into the form that it was pasted into. Null where the text is neither link. */
export const otherLink = (typed: string, into: "found" | "join"): Told | null => {
  const path = /^(?:https?:\/\/[^\s/#]+\/|bulkhead:\/\/)(found|join)(?:#|$)/i.exec(typed.trim())?.[1]?.toLowerCase();
  if (path === "found") return told(into === "found" ? "founding-link-cut" : "founding-link-to-join");
  return path === "join" && into === "found" ? told("invite-link-to-found") : null;
};
