/** A finger that moved less than this, in pixels, has not swiped. */
const LEAST_PX = 60;

/** A swipe is this much wider than high. */
const FLATNESS = 1.8;

/** Longest time of a swipe in milliseconds; slower, something is looked at. */
const LONGEST_MS = 600;

/** What a finger did: where it went, and how long it took. */
export interface Trace {
  readonly dx: number;
  readonly dy: number;
  readonly ms: number;
}

/** Return where a finger swiped: 1 to the right, -1 to the left, 0 for no swipe. */
export function swipeOf({ dx, dy, ms }: Trace): -1 | 0 | 1 {
  if (ms > LONGEST_MS || Math.abs(dx) < LEAST_PX || Math.abs(dx) < FLATNESS * Math.abs(dy))
    return 0;
  return dx > 0 ? 1 : -1;
}

/** Call `swiped` when one finger swipes over an element while `may` allows it. */
export function onSwipe(
  element: HTMLElement,
  may: () => boolean,
  swiped: (direction: -1 | 1) => void,
): void {
  let start: { x: number; y: number; at: number } | null = null;
  let fingers = 0;
  element.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch") return;
    fingers += 1;
    start =
      fingers === 1 && may() ? { x: event.clientX, y: event.clientY, at: event.timeStamp } : null;
  });
  element.addEventListener("pointerup", (event) => {
    if (event.pointerType !== "touch") return;
    fingers = Math.max(0, fingers - 1);
    if (!start) return;
    const { x, y, at } = start;
    const trace = { dx: event.clientX - x, dy: event.clientY - y, ms: event.timeStamp - at };
    start = null;
    const direction = swipeOf(trace);
    if (direction) swiped(direction);
  });
  element.addEventListener("pointercancel", () => {
    fingers = Math.max(0, fingers - 1);
    start = null;
  });
}
