import type { EncoderFile } from "../schema";
import { type Picture, resized } from "./resample";

/** How an image becomes what an encoder looks at. */
export type Preparation = Pick<
  EncoderFile,
  "fit" | "interpolation" | "mean" | "padding" | "shortest_px" | "side_px" | "std"
>;

type Colour = readonly [red: number, green: number, blue: number];

const FLAT = { white: 255, grey: 127, black: 0 } as const;

/** Return the numbers that an encoder takes: red, then green, then blue. */
export function scaled({ pixels, width, height }: Picture, how: Preparation): Float32Array {
  const n = width * height;
  const numbers = new Float32Array(3 * n);
  for (let colour = 0; colour < 3; colour++) {
    const [mean = 0, std = 1] = [how.mean[colour], how.std[colour]];
    for (let i = 0; i < n; i++)
      numbers[colour * n + i] = ((pixels[3 * i + colour] ?? 0) / 255 - mean) / std;
  }
  return numbers;
}

/** Return an image as the square that an encoder looks at, as the server makes it. */
export function prepared(picture: Picture, how: Preparation): Picture {
  const side = how.side_px;
  // where it does not pad, the server has Pillow's mean
  const isBox = how.interpolation === "area" && how.fit !== "pad";
  const interpolation = isBox ? "box" : how.interpolation;
  const { width, height } = picture;
  if (how.fit === "squash") return resized(picture, side, side, interpolation);
  const cropped = how.fit === "crop";
  const scale = cropped
    ? Math.max(how.shortest_px, side) / Math.min(width, height)
    : side / Math.max(width, height);
  const [toWidth, toHeight] = [atLeastOne(width * scale), atLeastOne(height * scale)];
  const made = resized(picture, toWidth, toHeight, interpolation);
  const [left, top] = [Math.floor((toWidth - side) / 2), Math.floor((toHeight - side) / 2)];
  if (cropped) return placed(made, side, -left, -top, [0, 0, 0]);
  const { padding } = how;
  const colour = padding === "edge" ? edgeColour(made) : grey(FLAT[padding]);
  return placed(
    made,
    side,
    Math.floor((side - toWidth) / 2),
    Math.floor((side - toHeight) / 2),
    colour,
  );
}

/** Put a picture into a square of a colour; what lies beyond it is cut off. */
function placed(picture: Picture, side: number, left: number, top: number, on: Colour): Picture {
  const pixels = new Float32Array(side * side * 3);
  for (let i = 0; i < pixels.length; i++) pixels[i] = on[(i % 3) as 0 | 1 | 2];
  const first = Math.max(0, -left);
  const last = Math.min(picture.width, side - left);
  for (let y = Math.max(0, -top); y < Math.min(picture.height, side - top); y++) {
    const row = picture.pixels.subarray(
      (y * picture.width + first) * 3,
      (y * picture.width + last) * 3,
    );
    pixels.set(row, ((y + top) * side + first + left) * 3);
  }
  return { pixels, width: side, height: side };
}

/** The median of the outermost pixels; the corners count twice, as the server has it. */
function edgeColour({ pixels, width, height }: Picture): Colour {
  const at = (x: number, y: number, colour: number): number =>
    pixels[(y * width + x) * 3 + colour] ?? 0;
  const median = (colour: number): number => {
    const found: number[] = [];
    for (let x = 0; x < width; x++) found.push(at(x, 0, colour), at(x, height - 1, colour));
    for (let y = 0; y < height; y++) found.push(at(0, y, colour), at(width - 1, y, colour));
    found.sort((a, b) => a - b);
    const middle = found.length / 2;
    return Math.trunc(((found[Math.ceil(middle) - 1] ?? 0) + (found[Math.floor(middle)] ?? 0)) / 2);
  };
  return [median(0), median(1), median(2)];
}

function grey(value: number): Colour {
  return [value, value, value];
}

/** Round as Python does: halves to the even one. */
function atLeastOne(value: number): number {
  const floor = Math.floor(value);
  const half = value - floor === 0.5;
  return Math.max(1, half ? floor + (floor % 2) : Math.round(value));
}
