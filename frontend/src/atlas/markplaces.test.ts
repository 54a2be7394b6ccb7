import { describe, expect, test } from "vitest";

import type { Mark } from "../schema";
import { placeMarks, type ScreenBox } from "./markplaces";

const window = { left: 0, top: 0, right: 800, bottom: 600 };

function boxOf({ x, y, width, height }: Mark): ScreenBox {
  return { left: x, top: y, right: x + width, bottom: y + height };
}

function placed(marks: readonly Mark[]): string[] {
  const found = placeMarks(marks, window, boxOf, ({ text }) => 10 * text.length);
  for (const [i, one] of found.entries())
    for (const other of found.slice(i + 1)) {
      const apart =
        one.text.right < other.text.left ||
        other.text.right < one.text.left ||
        one.text.bottom < other.text.top ||
        other.text.bottom < one.text.top;
      expect(apart, `${one.mark.text} lies over ${other.mark.text}`).toBe(true);
    }
  return found.map(({ mark }) => mark.text);
}

function tick(year: number, x: number): Mark {
  return { kind: "tick", text: String(year), x, y: 100, width: 0, height: 400 };
}

function block(text: string, box: [number, number, number, number]): Mark {
  const [x, y, width, height] = box;
  return { kind: "block", text, x, y, width, height, rank: "family", n_media: 1 };
}

describe("marks", () => {
  test("of years that are close together are those of a round step", () => {
    const years = Array.from({ length: 101 }, (_, i) => tick(1850 + i, 40 + 7 * i));
    expect(placed(years)).toEqual(Array.from({ length: 11 }, (_, i) => String(1850 + 10 * i)));
    const decades = Array.from({ length: 13 }, (_, i) => tick(1880 + 10 * i, 40 + 25 * i));
    expect(placed(decades)).toEqual(["1880", "1900", "1920", "1940", "1960", "1980", "2000"]);
    const apart = Array.from({ length: 5 }, (_, i) => tick(1901 + i, 60 + 150 * i));
    expect(placed(apart)).toHaveLength(5);
  });

  test("of blocks are the larger ones, and none that is narrower than its name", () => {
    const marks = [
      block("Small", [20, 20, 40, 200]),
      block("Pieridae", [10, 10, 300, 300]),
      block("Pieris", [12, 12, 200, 200]),
      block("Aglais", [300, 320, 200, 200]),
    ];
    expect(placed(marks)).toEqual(["Pieridae", "Aglais"]);
  });

  test("beside the window are left out, a block that fills it is named in it", () => {
    const marks = [block("All", [-500, -500, 4000, 4000]), block("Elsewhere", [900, 10, 300, 300])];
    expect(placed(marks)).toEqual(["All"]);
  });
});
