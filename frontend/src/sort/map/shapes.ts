/** What a mark tells of a medium. */
export interface Mark {
  /** The sign and the colour of its class; null if it has none. */
  readonly sign: Sign | null;
  /** True if a person said so, false if the ensemble does. */
  readonly said: boolean;
  /** True if it is selected. */
  readonly chosen: boolean;
}

/** How a class is marked: by a form of its own, for no class is told by its colour alone. */
export interface Sign {
  /** One of the signs that stand beside the names of classes, such as ●. */
  readonly form: string;
  readonly colour: string;
}

/** Where something is drawn: its middle and its sides. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

const HALO = "rgb(255 255 255 / 90%)";
const DARK = "#1a1613";

/** Draw a sign around a point: filled for what a person said, hollow for what the ensemble does. */
export function drawSign(
  context: CanvasRenderingContext2D,
  { form, colour }: Sign,
  said: boolean,
  at: { x: number; y: number; radius: number },
): void {
  const line = said ? 1 : Math.max(1.25, at.radius / 3);
  trace(context, form, at.x, at.y, at.radius);
  context.lineJoin = "round";
  context.strokeStyle = HALO;
  context.lineWidth = line + 2;
  context.stroke();
  context.fillStyle = said ? colour : HALO;
  context.fill();
  context.strokeStyle = colour;
  context.lineWidth = line;
  context.stroke();
  if (form === UNSURE) letter(context, form, said ? HALO : colour, at);
}

/** The sign of not sure: written in a circle. */
const UNSURE = "?";

function letter(
  context: CanvasRenderingContext2D,
  text: string,
  colour: string,
  { x, y, radius }: { x: number; y: number; radius: number },
): void {
  context.fillStyle = colour;
  context.font = `700 ${Math.round(1.7 * radius)}px sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, x, y + radius / 10);
}

/** Draw the frame of what is selected. */
export function drawChosen(context: CanvasRenderingContext2D, { x, y, w, h }: Box): void {
  for (const [width, colour] of [
    [5, HALO],
    [2.5, DARK],
  ] as const) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.strokeRect(x - w / 2, y - h / 2, w, h);
  }
}

function trace(
  context: CanvasRenderingContext2D,
  form: string,
  x: number,
  y: number,
  r: number,
): void {
  const corners = CORNERS[form];
  context.beginPath();
  if (!corners) context.arc(x, y, r, 0, 2 * Math.PI);
  for (const [dx, dy] of corners ?? []) context.lineTo(x + r * dx, y + r * dy);
  context.closePath();
}

type Corners = readonly (readonly [number, number])[];

/** Return corners on circles around the middle, the first one at the top. */
function around(n: number, radii: readonly number[], turn = 0): Corners {
  return Array.from({ length: n }, (_, i) => {
    const [angle, radius] = [turn + (2 * Math.PI * i) / n, radii[i % radii.length] ?? 1];
    return [radius * Math.sin(angle), -radius * Math.cos(angle)] as const;
  });
}

/** Corners of the signs that are no circle, for a radius of 1. */
const CORNERS: Record<string, Corners> = {
  "■": around(4, [1.25], Math.PI / 4),
  "◼": around(4, [1.25], Math.PI / 4),
  "▲": around(3, [1.3]),
  "▼": around(3, [1.3], Math.PI),
  "◆": around(4, [1.3]),
  "★": around(10, [1.45, 0.62]),
  "✚": [
    [-0.4, -1.15],
    [0.4, -1.15],
    [0.4, -0.4],
    [1.15, -0.4],
    [1.15, 0.4],
    [0.4, 0.4],
    [0.4, 1.15],
    [-0.4, 1.15],
    [-0.4, 0.4],
    [-1.15, 0.4],
    [-1.15, -0.4],
    [-0.4, -0.4],
  ],
};
