import type { Point } from "./bitmap";

/** Draw the ring that shows how large the brush is; `line` is a screen pixel. */
export function drawTip(
  context: CanvasRenderingContext2D,
  at: Point,
  radius: number,
  line: number,
): void {
  twice(context, line, () => {
    context.beginPath();
    context.arc(at.x, at.y, Math.max(radius, line), 0, 2 * Math.PI);
    context.stroke();
  });
}

/** Draw a polygon that is not closed yet, with a line to the pointer. */
export function drawCorners(
  context: CanvasRenderingContext2D,
  corners: readonly Point[],
  tip: Point | null,
  line: number,
): void {
  const [first] = corners;
  if (!first) return;
  twice(context, line, () => {
    context.beginPath();
    for (const { x, y } of corners) context.lineTo(x, y);
    if (tip) context.lineTo(tip.x, tip.y);
    context.stroke();
  });
  for (const { x, y } of corners) {
    const size = (x === first.x && y === first.y ? 9 : 6) * line;
    context.fillStyle = "#fff";
    context.fillRect(x - size / 2, y - size / 2, size, size);
    context.lineWidth = line;
    context.strokeStyle = "#000";
    context.strokeRect(x - size / 2, y - size / 2, size, size);
  }
}

/** Stroke dark, then light on top: seen on any ground. */
function twice(context: CanvasRenderingContext2D, line: number, stroke: () => void): void {
  context.lineJoin = "round";
  context.lineWidth = 3.5 * line;
  context.strokeStyle = "rgb(0 0 0 / 55%)";
  stroke();
  context.lineWidth = 1.5 * line;
  context.strokeStyle = "#fff";
  stroke();
}
