/**
 * What a page shows and says, looked at from outside: whether every text of the app is of the made-up language, and
 * whether any text is cut. Texts of people, tools and models are known by what they are made of (`Data`).
 */
import type { Page } from "@playwright/test";
import type { Rest } from "./page-rest.ts";

/** What is no text of the app's own: whole texts, and patterns as source. */
export interface Data {
  readonly texts: readonly string[];
  readonly patterns: readonly string[];
}

interface Shown {
  /** Every text and where it stands: "p.faint", "button@title". */
  readonly texts: readonly { readonly at: string; readonly text: string }[];
  /** Texts that do not fit where they stand. */
  readonly cut: readonly { readonly at: string; readonly text: string; readonly by: string }[];
  /** What stands in fields: a person's as a rule, and the app's where it was filled in before. */
  readonly filled: readonly string[];
}

/** Until the page has its size and is at rest: what it asked is answered (page-rest.ts), and for some frames nothing has changed in it. */
export const quiet = (page: Page): Promise<void> =>
  page.evaluate(
    (width) =>
      new Promise<void>((resolve) => {
        const STILL_FRAMES = 2;
        const MOST_MS = 2_500;
        const end = performance.now() + MOST_MS;
        const rest = Reflect.get(globalThis, "rest") as Rest | undefined;
        let still = 0;
        const observer = new MutationObserver(() => void (still = 0));
        observer.observe(document, { childList: true, subtree: true, characterData: true, attributes: true });
        const frame = () => {
          const is = (rest?.open() ?? 0) === 0 && (width === null || matchMedia(`(width: ${width}px)`).matches);
          still = is ? still + 1 : 0;
          if (still <= STILL_FRAMES && performance.now() < end) return void requestAnimationFrame(frame);
          observer.disconnect();
          resolve();
        };
        requestAnimationFrame(frame);
      }),
    page.viewportSize()?.width ?? null,
  );

/** Looks at everything that can be seen or is read aloud now. */
export const shownOn = (page: Page): Promise<Shown> => page.evaluate(lookAround);

/** Runs in the page: may use nothing from outside. */
const lookAround = (): Shown => {
  const READ = ["title", "aria-label", "aria-description", "placeholder", "alt"];
  const SLACK = 1.5;
  /** What is shown as it is: arguments, schemas, entries of the log, ids, keys, words that are compared aloud. */
  const EXACT = "kbd, pre, code, .mono-small, .spoken-words";
  /** Rows of long lists give their texts one line each, and open the whole; so do the switcher, which names a workspace, and the status. */
  const ROWS = ".act-row, .card-row, .switcher, .status-reason:not(.whole)";
  const texts: { at: string; text: string }[] = [];
  const cut: { at: string; text: string; by: string }[] = [];
  const nameOf = (element: Element): string =>
    `${element.tagName.toLowerCase()}${[...element.classList].map((each) => `.${each}`).join("")}`;
  /** Each element is asked once in a look, however many texts stand in it. */
  const once = <T>(ask: (element: Element) => T): ((element: Element) => T) => {
    const known = new Map<Element, T>();
    return (element) => {
      const had = known.get(element);
      if (had !== undefined) return had;
      const found = ask(element);
      known.set(element, found);
      return found;
    };
  };
  const styleOf = once((element) => {
    const { position, display, overflowX, overflowY } = getComputedStyle(element);
    return { position, display, x: overflowX, y: overflowY };
  });
  const edgeOf = once((element) => element.getBoundingClientRect());
  const isSeen = once((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: false }));
  /** The texts for assistive tools alone are a pixel large. */
  const isHidden = (element: Element): boolean => element.closest(".hidden-text") !== null;

  /** By whom a piece of text is cut, if by anybody: whoever clips it, its own box, or the window. */
  const cutBy = (element: Element, box: DOMRect): string | null => {
    for (let each: Element | null = element; each !== null; each = each.parentElement) {
      const { position, display, x, y } = styleOf(each);
      if (position === "fixed" && each !== element) return null;
      if (display === "inline" || display === "contents") continue;
      const edge = edgeOf(each);
      // For assistive tools alone, by whatever means.
      if (edge.width <= 1 || edge.height <= 1) return null;
      const beside = box.right > edge.right + SLACK || box.left < edge.left - SLACK;
      const beyond = box.bottom > edge.bottom + SLACK || box.top < edge.top - SLACK;
      if (beside && (x === "hidden" || x === "clip" || each === element)) return `${nameOf(each)} (beside)`;
      if (beyond && (y === "hidden" || y === "clip")) return `${nameOf(each)} (beyond)`;
      // What scrolls can be reached.
      if (x === "auto" || x === "scroll" || y === "auto" || y === "scroll") return null;
    }
    return box.right > innerWidth + SLACK || box.left < -SLACK ? "window" : null;
  };

  const measure = (element: HTMLInputElement | HTMLSelectElement, text: string): boolean => {
    const style = getComputedStyle(element);
    const context = document.createElement("canvas").getContext("2d");
    if (context === null) return false;
    context.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const room = element.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
    return context.measureText(text).width > room + SLACK;
  };

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.textContent ?? "";
    const element = node.parentElement;
    if (text.trim() === "" || element === null || !isSeen(element)) continue;
    if (["SCRIPT", "STYLE", "OPTION", "TITLE"].includes(element.tagName) || element.closest(EXACT) !== null) continue;
    texts.push({ at: nameOf(element), text });
    if (isHidden(element) || element.closest(ROWS) !== null) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      const by = box.width < 1 || box.height < 1 ? null : cutBy(element, box);
      if (by === null) continue;
      cut.push({ at: nameOf(element), text, by });
      break;
    }
  }
  for (const element of document.body.querySelectorAll("*")) {
    if (!isSeen(element)) continue;
    for (const name of READ) {
      const text = element.getAttribute(name) ?? "";
      if (text.trim() !== "") texts.push({ at: `${nameOf(element)}@${name}`, text });
    }
    if (element instanceof HTMLInputElement && element.placeholder !== "" && measure(element, element.placeholder))
      cut.push({ at: nameOf(element), text: element.placeholder, by: "its field" });
    if (element instanceof HTMLSelectElement) {
      for (const option of element.options) texts.push({ at: `${nameOf(element)} option`, text: option.label });
      const chosen = element.selectedOptions[0]?.label ?? "";
      if (measure(element, chosen)) cut.push({ at: nameOf(element), text: chosen, by: "its list" });
    }
  }
  texts.push({ at: "title", text: document.title });
  const filled = [...document.querySelectorAll("input, textarea")].map((each) => (each as HTMLInputElement).value);
  return { texts, cut, filled };
};

const NAME_MAX = 40;

/** What `Data` is when it is looked for: the long before the short, and what was found of a text that comes again on each screen. */
interface Known {
  readonly long: readonly string[];
  readonly patterns: readonly RegExp[];
  readonly short: readonly string[];
  readonly left: Map<string, string>;
}
const KNOWN = new WeakMap<Data, Known>();
const knownOf = (data: Data): Known => {
  const had = KNOWN.get(data);
  if (had !== undefined) return had;
  const all = [...new Set(data.texts.map((each) => each.replace(/\s+/g, " ").trim()))];
  const sorted = all.filter((each) => each !== "").toSorted((a, b) => b.length - a.length);
  const made: Known = {
    // Whole descriptions may hold what looks like a path, and paths hold names.
    long: sorted.filter(({ length }) => length > NAME_MAX),
    patterns: data.patterns.map((pattern) => new RegExp(pattern, "g")),
    short: sorted.filter(({ length }) => length <= NAME_MAX),
    left: new Map(),
  };
  KNOWN.set(data, made);
  return made;
};

/** What is left of a text once what is data has been taken out. */
export const own = (text: string, data: Data): string => {
  const known = knownOf(data);
  const had = known.left.get(text);
  if (had !== undefined) return had;
  let left = text.replace(/\s+/g, " ");
  for (const each of known.long) left = left.replaceAll(each, " ");
  for (const pattern of known.patterns) left = left.replace(pattern, " ");
  for (const each of known.short) left = left.replaceAll(each, " ");
  known.left.set(text, left);
  return left;
};

/** Two Latin letters that are left are a text past the one way. */
export const isForeign = (text: string, data: Data): boolean =>
  /[A-Za-z]{2}/.test(text) && /[A-Za-z]{2}/.test(own(text, data));
/** Whether the app itself says something in it: the made-up language or English. */
const saysSomething = (text: string, data: Data): boolean => /\p{L}{2}/u.test(own(text, data));

/** One line for each text of the app that is not of the made-up language, or is cut. */
export const faultsOf = async (page: Page, data: Data, seen: Set<string>): Promise<string[]> => {
  const { texts, cut, filled } = await shownOn(page);
  for (const text of [...texts.map((each) => each.text), ...filled]) seen.add(text);
  return [
    ...texts.filter(({ text }) => isForeign(text, data)).map(({ at, text }) => `plain: ${at}: ${text}`),
    ...cut.filter(({ text }) => saysSomething(text, data)).map(({ at, text, by }) => `cut by ${by}: ${at}: ${text}`),
  ];
};
