/** Pixels of an image: rows from the top, three numbers each, 0 to 255. */
export interface Picture {
  readonly pixels: Float32Array;
  readonly width: number;
  readonly height: number;
}

export type Interpolation = "area" | "bicubic" | "bilinear" | "box" | "lanczos" | "nearest";

/** For each number of the result: the first that it is made of, and the share of each. */
interface Taps {
  readonly first: number;
  readonly shares: readonly number[];
}

interface Kernel {
  readonly reach: number;
  readonly weigh: (away: number) => number;
}

/** The curves of Pillow: widened where an image shrinks, so that nothing is left out. */
const KERNELS: Record<"bicubic" | "bilinear" | "box" | "lanczos", Kernel> = {
  box: { reach: 0.5, weigh: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { reach: 1, weigh: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { reach: 2, weigh: (x) => cubic(Math.abs(x)) },
  lanczos: { reach: 3, weigh: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** Resize as the server does: `area` as OpenCV, the others as Pillow. */
export function resized(
  { pixels, width, height }: Picture,
  toWidth: number,
  toHeight: number,
  how: Interpolation,
): Picture {
  if (width === toWidth && height === toHeight) return { pixels, width, height };
  const narrow = new Float32Array(height * toWidth * 3);
  const rows = { n: height, step: width * 3, toStep: toWidth * 3 };
  mix(pixels, narrow, tapsOf(width, toWidth, how), 3, rows);
  // Pillow keeps bytes between its two ways
  if (how !== "area") toBytes(narrow);
  const made = new Float32Array(toHeight * toWidth * 3);
  const columns = { n: toWidth, step: 3, toStep: 3 };
  mix(narrow, made, tapsOf(height, toHeight, how), toWidth * 3, columns);
  return { pixels: toBytes(made), width: toWidth, height: toHeight };
}

/** Mix the numbers along one side; `step` leads to the next number along it. */
function mix(
  from: Float32Array,
  to: Float32Array,
  taps: readonly Taps[],
  step: number,
  lines: { readonly n: number; readonly step: number; readonly toStep: number },
): void {
  for (let line = 0; line < lines.n; line++)
    for (const [i, { first, shares }] of taps.entries()) {
      const start = line * lines.step + first * step;
      const end = line * lines.toStep + i * step;
      for (let colour = 0; colour < 3; colour++) {
        let sum = 0;
        for (let tap = 0; tap < shares.length; tap++)
          sum += (shares[tap] ?? 0) * (from[start + tap * step + colour] ?? 0);
        to[end + colour] = sum;
      }
    }
}

function toBytes(values: Float32Array): Float32Array {
  for (let i = 0; i < values.length; i++)
    values[i] = Math.min(255, Math.max(0, Math.round(values[i] ?? 0)));
  return values;
}

/** How one side of an image is made of another. */
export function tapsOf(from: number, to: number, how: Interpolation): Taps[] {
  const scale = from / to;
  return Array.from({ length: to }, (_, i) => {
    if (how === "nearest") return { first: Math.floor((i + 0.5) * scale), shares: [1] };
    if (how === "area" && scale > 1) return covered(i * scale, (i + 1) * scale, from);
    return weighed((i + 0.5) * scale, Math.max(1, scale), from, how === "area" ? "bilinear" : how);
  });
}

/** The share that each number has of a span. */
function covered(start: number, end: number, n: number): Taps {
  const first = Math.min(n - 1, Math.floor(start + 1e-6));
  const last = Math.max(first + 1, Math.min(n, Math.ceil(end - 1e-6)));
  const shares = Array.from(
    { length: last - first },
    (_, i) => Math.min(end, first + i + 1) - Math.max(start, first + i),
  );
  return normed(first, shares);
}

function weighed(centre: number, scale: number, n: number, how: keyof typeof KERNELS): Taps {
  const { reach, weigh } = KERNELS[how];
  const first = Math.max(0, Math.trunc(centre - reach * scale + 0.5));
  const end = Math.min(n, Math.trunc(centre + reach * scale + 0.5));
  const shares = Array.from({ length: Math.max(1, end - first) }, (_, i) =>
    weigh((first + i - centre + 0.5) / scale),
  );
  return normed(Math.min(first, n - 1), shares);
}

function normed(first: number, shares: readonly number[]): Taps {
  const sum = shares.reduce((a, b) => a + b, 0);
  return { first, shares: shares.map((share) => (sum ? share / sum : 1 / shares.length)) };
}

function cubic(x: number): number {
  const a = -0.5;
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
