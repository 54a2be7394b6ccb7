import { describe, expect, test } from "vitest";

import { WRITTEN } from "../testing/written";
import { prepared, scaled } from "./prepare";

describe.each(WRITTEN.prepared)("$width x $height, $how.fit $how.interpolation", (one) => {
  const pixels = Float32Array.from(Buffer.from(one.pixels, "base64"));
  const made = prepared({ pixels, width: one.width, height: one.height }, one.how);

  test("becomes the square that Python makes of it, to the rounding", () => {
    const wanted = Buffer.from(one.square, "base64");
    expect(made.pixels.length).toBe(wanted.length);
    const away = Array.from(wanted, (value, i) => Math.abs(value - (made.pixels[i] ?? 0)));
    expect(Math.max(...away)).toBeLessThanOrEqual(1);
    expect(away.filter((value) => value > 0).length / away.length).toBeLessThan(0.1);
  });

  test("is scaled colour by colour", () => {
    const numbers = scaled(made, one.how);
    const side = one.how.side_px;
    const [mean = 0, std = 1] = [one.how.mean[2], one.how.std[2]];
    expect(numbers[2 * side * side + 5]).toBeCloseTo(((made.pixels[17] ?? 0) / 255 - mean) / std);
  });
});
