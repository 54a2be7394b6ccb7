import type { Bitmap, Rectangle } from "./bitmap";

/** The tint of a mask, red, green, blue: no specimen has this colour. */
export const TINT = [232, 0, 124] as const;

const INSIDE_ALPHA = 72;

/** Return a part grown by some pixels on each side, inside the bitmap. */
export function grown(bitmap: Bitmap, area: Rectangle, by: number): Rectangle {
  return {
    left: Math.max(0, area.left - by),
    top: Math.max(0, area.top - by),
    right: Math.min(bitmap.width, area.right + by),
    bottom: Math.min(bitmap.height, area.bottom + by),
  };
}

/** Pixels of the outline, so that it is seen when the whole picture is. */
export function outlineWidth(bitmap: Bitmap): number {
  return Math.max(1, Math.round(Math.max(bitmap.width, bitmap.height) / 640));
}

/** Return RGBA of a part of the overlay: a tint on the specimen, solid along its outline. */
export function overlayPixels(bitmap: Bitmap, area: Rectangle, outline: number) {
  const { width, data } = bitmap;
  const out = new Uint8ClampedArray(4 * (area.right - area.left) * (area.bottom - area.top));
  let o = 0;
  for (let y = area.top; y < area.bottom; y++)
    for (let x = area.left; x < area.right; x++, o += 4) {
      if (!data[y * width + x]) continue;
      [out[o], out[o + 1], out[o + 2]] = TINT;
      out[o + 3] = atEdge(bitmap, x, y, outline) ? 255 : INSIDE_ALPHA;
    }
  return out;
}

/** Return RGBA of a part of the cut-out: the photograph where the mask is, nothing elsewhere. */
export function cutoutPixels(bitmap: Bitmap, area: Rectangle, photograph: Uint8ClampedArray) {
  const { width, data } = bitmap;
  const out = new Uint8ClampedArray(4 * (area.right - area.left) * (area.bottom - area.top));
  let o = 0;
  for (let y = area.top; y < area.bottom; y++)
    for (let x = area.left; x < area.right; x++, o += 4) {
      const i = y * width + x;
      if (!data[i]) continue;
      for (let channel = 0; channel < 4; channel++)
        out[o + channel] = photograph[4 * i + channel] ?? 0;
    }
  return out;
}

function atEdge({ width, height, data }: Bitmap, x: number, y: number, within: number): boolean {
  for (let d = 1; d <= within; d++) {
    if (x >= d && !data[y * width + x - d]) return true;
    if (x < width - d && !data[y * width + x + d]) return true;
    if (y >= d && !data[(y - d) * width + x]) return true;
    if (y < height - d && !data[(y + d) * width + x]) return true;
  }
  return false;
}
