// @vitest-environment node
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { HttpSource } from "../data/http";
import type { Host } from "../testing/host";
import { cells, openWritten } from "../testing/written";
import { colouringOf, countsOf } from "./colours";
import { CLASS_COLOURS, NONE_COLOUR, OTHER_COLOUR, rampColour, type Rgb } from "./palettes";
import { RowSet } from "./rows";

let source: HttpSource;
let host: Host;

beforeAll(async () => {
  ({ source, host } = await openWritten());
});
afterAll(() => host.close());

describe("colouringOf", () => {
  test("media of a value have its class, and are counted", async () => {
    const { classes, legend } = await colouringOf(source, "genus");
    for (const entry of legend) {
      const cell = entry.kind === "value" ? entry.text : null;
      const rows = cells("genus").flatMap((one, row) => (one === cell ? [row] : []));
      expect([cell, entry.count]).toEqual([cell, rows.length]);
      for (const row of rows) expect(classes[row]).toBe(entry.classes[0]);
    }
    expect(legend.map(({ kind }) => kind)).toEqual([...Array<string>(5).fill("value"), "none"]);
  });

  test("of many values the most frequent have a colour, the rest one together", async () => {
    const { legend, colours } = await colouringOf(source, "scientificName");
    expect(legend.length).toBe(CLASS_COLOURS.length + 1);
    const counts = legend.slice(0, -1).map(({ count }) => count);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    expect(legend.at(-1)).toMatchObject({ kind: "other" });
    expect(legend.reduce((sum, { count }) => sum + count, 0)).toBe(source.n);
    expect(colours[legend.at(-1)?.classes[0] ?? -1]).toEqual(OTHER_COLOUR);
  });

  test("greater numbers have a higher class; the legend counts all", async () => {
    const { classes, legend } = await colouringOf(source, "year");
    const years = cells("year").map((cell) => (cell === null ? NaN : Number(cell)));
    const order = years.map((_, row) => row).filter((row) => !Number.isNaN(years[row]));
    order.sort((a, b) => (years[a] ?? 0) - (years[b] ?? 0));
    const sorted = order.map((row) => classes[row] ?? 0);
    expect(sorted).toEqual([...sorted].sort((a, b) => a - b));
    expect(Math.min(...sorted)).toBe(1);
    expect(legend.reduce((sum, { count }) => sum + count, 0)).toBe(source.n);
    expect(legend.at(-1)?.kind).toBe("none");
  });

  test("a legend counts a selection", async () => {
    const colouring = await colouringOf(source, "genus");
    const half = RowSet.where(source.n, (row) => row % 2 === 0);
    const rest = countsOf(colouring, half.not());
    for (const [i, count] of countsOf(colouring, half).entries())
      expect(count + (rest[i] ?? 0)).toBe(colouring.legend[i]?.count);
  });
});

/** How a colour is seen by those who lack a kind of cones: Machado et al. (2009), severity 1. */
const SEEN = {
  everyone: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopes: [0.1523, 1.0526, -0.2049, 0.1145, 0.7863, 0.0992, -0.0039, -0.0481, 1.0519],
  deuteranopes: [0.3673, 0.8606, -0.2279, 0.2801, 0.6727, 0.0472, -0.0118, 0.0429, 0.9689],
} as const;

const linear = (part: number): number =>
  part <= 10.31 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4;

/** A colour in CIELAB as it is seen. */
const lab = (rgb: Rgb, matrix: readonly number[]): number[] => {
  const light = rgb.map(linear);
  const [r = 0, g = 0, b = 0] = [0, 1, 2].map((row) =>
    light.reduce((sum, part, i) => sum + part * (matrix[3 * row + i] ?? 0), 0),
  );
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
};

describe.each(Object.entries(SEEN))("for %s", (_, matrix) => {
  test("no two classes look alike", () => {
    const seen = [...CLASS_COLOURS, OTHER_COLOUR, NONE_COLOUR].map((one) => lab(one, matrix));
    for (const [i, one] of seen.entries())
      for (const other of seen.slice(0, i))
        expect(Math.hypot(...one.map((part, k) => part - (other[k] ?? 0)))).toBeGreaterThan(15);
  });

  test("a greater number is lighter", () => {
    const light = Array.from({ length: 20 }, (_, i) => lab(rampColour(i / 19), matrix)[0] ?? 0);
    for (const [i, one] of light.slice(1).entries()) expect(one).toBeGreaterThan(light[i] ?? 100);
  });
});
