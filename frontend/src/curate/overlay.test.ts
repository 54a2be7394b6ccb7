import { expect, it } from "vitest";

import { Bitmap } from "./bitmap";
import { cutoutPixels, grown, overlayPixels } from "./overlay";

const bitmap = new Bitmap(9, 9);
bitmap.polygon(
  [
    { x: 1, y: 1 },
    { x: 8, y: 1 },
    { x: 8, y: 8 },
    { x: 1, y: 8 },
  ],
  1,
);

function alphas(pixels: Uint8ClampedArray): number[] {
  return [...pixels].filter((_, i) => i % 4 === 3);
}

it("tints the specimen, and its outline solidly, and nothing else", () => {
  const found = alphas(overlayPixels(bitmap, bitmap.whole, 1));
  expect(found.filter((alpha) => alpha === 255)).toHaveLength(4 * 6);
  expect(found.filter((alpha) => alpha > 0 && alpha < 255)).toHaveLength(25);
  expect(found.filter((alpha) => alpha === 0)).toHaveLength(81 - 49);
});

it("gives the same for a part as for the whole", () => {
  const whole = alphas(overlayPixels(bitmap, bitmap.whole, 2));
  const area = grown(bitmap, { left: 3, top: 4, right: 5, bottom: 6 }, 2);
  const part = alphas(overlayPixels(bitmap, area, 2));
  let i = 0;
  for (let y = area.top; y < area.bottom; y++)
    for (let x = area.left; x < area.right; x++) expect(part[i++]).toBe(whole[y * 9 + x]);
});

it("cuts the photograph out where the mask is", () => {
  const photograph = new Uint8ClampedArray(4 * 81).map((_, i) => i % 251);
  const found = cutoutPixels(bitmap, bitmap.whole, photograph);
  const at = 4 * (4 * 9 + 4);
  expect([...found.slice(at, at + 4)]).toEqual([...photograph.slice(at, at + 4)]);
  expect([...found.slice(0, 4)]).toEqual([0, 0, 0, 0]);
});
