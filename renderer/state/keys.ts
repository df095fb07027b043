/** Keys that work everywhere. In a browser some belong to the browser, so Alt does there what ⌘ or Ctrl does in the app. */
import { useEffect } from "react";
import { newThread } from "./commands.ts";
import { keysOpen, paletteOpen } from "./panels.ts";
import { goToSection, SECTIONS } from "./route.ts";
import { undoNewest } from "./toasts.ts";

const apple = /Mac|iPhone|iPad/.test(navigator.platform);
export const modKey = apple ? "⌘" : "Ctrl";
export const sectionKey = window.bulkhead === undefined ? "Alt" : modKey;

/** A letter pressed alone, once, and not into a field. */
export const isPlainKey = (event: KeyboardEvent, key: string): boolean =>
  event.key.toLowerCase() === key &&
  !event.repeat &&
  !event.isComposing &&
  !event.metaKey &&
  !event.ctrlKey &&
  !event.altKey &&
  !isTyping(event.target) &&
  !inDialog();
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
const inDialog = (): boolean => document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;

export const useKeys = (wid: string): void =>
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const mod = apple ? event.metaKey : event.ctrlKey;
      if (mod && event.key.toLowerCase() === "k") {
        event.preventDefault();
        paletteOpen.set(!paletteOpen.get());
        return;
      }
      if (mod && !event.shiftKey && event.key.toLowerCase() === "z" && !isTyping(event.target) && undoNewest()) {
        event.preventDefault();
        return;
      }
      if (inDialog()) return;
      const section = window.bulkhead === undefined ? event.altKey || mod : mod;
      const page = SECTIONS[Number(event.code.replace("Digit", "")) - 1];
      if (section && event.code.startsWith("Digit") && page !== undefined) {
        event.preventDefault();
        goToSection(page);
      } else if (section && event.code === "KeyN") {
        event.preventDefault();
        newThread(wid);
      } else if (!isTyping(event.target) && !mod && !event.altKey) plainKey(event);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [wid]);

const plainKey = (event: KeyboardEvent) => {
  if (event.key === "?") {
    event.preventDefault();
    keysOpen.set(true);
  } else if (event.key === "j" || event.key === "k" || event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (moveInList(event.target, event.key === "j" || event.key === "ArrowDown" ? 1 : -1, event.key.length === 1))
      event.preventDefault();
  }
};

/** Moves the focus within the list that holds it; with J and K also into the page's first list. */
const moveInList = (target: EventTarget | null, step: 1 | -1, enter: boolean): boolean => {
  const inside = target instanceof Element ? target.closest("[data-list]") : null;
  const list =
    inside ?? (enter ? (document.querySelector("main [data-list]") ?? document.querySelector("[data-list]")) : null);
  const items = [...(list?.querySelectorAll<HTMLElement>("[data-item]") ?? [])];
  if (items.length === 0) return false;
  const at = items.findIndex((item) => item === document.activeElement);
  const next = items[at === -1 ? 0 : Math.min(items.length - 1, Math.max(0, at + step))];
  next?.focus();
  void next?.scrollIntoView({ block: "nearest" });
  return true;
};
