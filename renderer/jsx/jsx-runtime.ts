/**
 * React's own runtime, with one thing before it: every text that a window draws, and every name that it gives to
 * assistive tools, passes the module that writes out what cannot be seen. So no screen can forget it.
 */
import { Fragment, jsx as reactJsx, jsxs as reactJsxs } from "react/jsx-runtime";
import { drawn } from "#bridge/plain-text.ts";

export type { JSX } from "react/jsx-runtime";
export { Fragment };

type Create = typeof reactJsx;
/** Attributes that are read; others are values. */
const READ = ["title", "aria-label", "aria-description", "alt", "placeholder", "label"] as const;

const shownChild = (child: unknown): unknown =>
  typeof child === "string" ? drawn(child) : Array.isArray(child) ? child.map(shownChild) : child;

const shown = (props: unknown): unknown => {
  if (typeof props !== "object" || props === null) return props;
  const given = props as Record<string, unknown>;
  const next = { ...given };
  if ("children" in given) next["children"] = shownChild(given["children"]);
  for (const name of READ) if (typeof given[name] === "string") next[name] = drawn(given[name]);
  return next;
};

export const jsx: Create = (type, props, key) => reactJsx(type, shown(props), key);
export const jsxs: Create = (type, props, key) => reactJsxs(type, shown(props), key);
