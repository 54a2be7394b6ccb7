/** A shorter way is a tap, a steeper one is scrolling. */
const LEAST_PX = 44;
const FLATTEST = 1.6;

/** Tell when a finger draws an element to the left (1, to what comes next) or to the right (-1). */
export function onSwipe(element: HTMLElement, tell: (direction: 1 | -1) => void): void {
  let from: { x: number; y: number } | null = null;
  element.addEventListener("pointerdown", ({ pointerType, isPrimary, clientX: x, clientY: y }) => {
    from = pointerType === "touch" && isPrimary ? { x, y } : null;
  });
  element.addEventListener("pointerup", ({ clientX, clientY, isPrimary }) => {
    if (!from || !isPrimary) return;
    const [right, down] = [clientX - from.x, clientY - from.y];
    from = null;
    if (Math.abs(right) < LEAST_PX || Math.abs(right) < FLATTEST * Math.abs(down)) return;
    tell(right < 0 ? 1 : -1);
  });
  element.addEventListener("pointercancel", () => {
    from = null;
  });
}
