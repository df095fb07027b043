/** Sizes of the popup window. */
export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const LEAST = 360;
const MOST = 760;
/** Smaller changes than this are not worth a jump under the person's eyes. */
const STEP = 24;

/** Bounds that show `wanted` pixels of card on this screen, or null when the present ones will do. It only ever grows. */
export const fittedBounds = (
  now: Bounds,
  wanted: number,
  screen: { readonly top: number; readonly height: number },
): Bounds | null => {
  const height = Math.round(Math.min(Math.max(wanted, LEAST), MOST, screen.height));
  if (height - now.height < STEP) return null;
  const y = Math.max(screen.top, Math.min(now.y, screen.top + screen.height - height));
  return { ...now, y, height };
};
