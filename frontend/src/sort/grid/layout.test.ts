import { describe, expect, it } from "vitest";

import { boxBetween } from "./hand";
import { GridLayout } from "./layout";

const layout = new GridLayout(800, 120, 1003);
const middle = (index: number) => {
  const { left, top, width, height } = layout.boxOf(index);
  return { x: left + width / 2, y: top + height / 2 };
};

describe("the layout of a grid", () => {
  it("fills each row from edge to edge with cells no smaller than asked", () => {
    const last = layout.boxOf(layout.columns - 1);
    expect(layout.boxOf(0).left).toBe(0);
    expect(last.left + last.width).toBeCloseTo(800);
    expect(last.width).toBeGreaterThanOrEqual(120);
    expect(layout.boxOf(layout.columns).top).toBeGreaterThan(last.top + last.height);
  });

  it("holds all cells", () => {
    const last = layout.boxOf(1002);
    expect(last.top + last.height).toBeCloseTo(layout.height);
    expect(layout.rows * layout.columns).toBeGreaterThanOrEqual(1003);
    expect((layout.rows - 1) * layout.columns).toBeLessThan(1003);
  });

  it("finds the cell at a point, and none beside", () => {
    for (const index of [0, 5, 6, 77, 1002]) expect(layout.indexAt(middle(index))).toBe(index);
    const { left, top, width } = layout.boxOf(8);
    expect(layout.indexAt({ x: left + width + 1, y: top + 10 })).toBe(-1);
    expect(layout.indexAt({ x: 10, y: layout.height + 50 })).toBe(-1);
    expect(layout.indexAt({ x: -3, y: 10 })).toBe(-1);
  });

  it("finds what a drawn rectangle touches, whichever corner it began at", () => {
    const { columns } = layout;
    const wanted = [1, 2, columns + 1, columns + 2];
    expect(layout.touched(boxBetween(middle(1), middle(columns + 2)))).toEqual(wanted);
    expect(layout.touched(boxBetween(middle(columns + 2), middle(1)))).toEqual(wanted);
    expect(layout.touched(boxBetween(middle(2), middle(columns + 1)))).toEqual(wanted);
    expect(layout.touched(boxBetween(middle(1002), { x: 5000, y: 1e6 }))).toEqual([1002]);
  });

  it("counts a row as in sight when nearly all of it is, and always one", () => {
    const { pitch, columns } = layout;
    expect(layout.inSight(0, 2 * pitch)).toEqual({ first: 0, end: 2 * columns });
    expect(layout.inSight(0.1 * pitch, 2 * pitch)).toEqual({ first: 0, end: 2 * columns });
    expect(layout.inSight(0.5 * pitch, 2 * pitch)).toEqual({ first: columns, end: 2 * columns });
    expect(layout.inSight(layout.height - pitch, 3 * pitch).end).toBe(1003);
    expect(layout.inSight(0, 20)).toEqual({ first: 0, end: columns });
  });

  it("shows a bounded number of cells of however many", () => {
    const large = new GridLayout(1368, 64, 10_000);
    const { first, end } = large.shown(20_000, 800, 3);
    expect(end - first).toBeLessThan(500);
    expect(large.boxOf(first).top).toBeLessThan(20_000);
    expect(large.boxOf(end - 1).top).toBeGreaterThan(20_800);
  });

  it("has one column where no more fit", () => {
    const narrow = new GridLayout(100, 300, 4);
    expect([narrow.columns, narrow.rows]).toEqual([1, 4]);
    expect(narrow.boxOf(3).width).toBe(100);
  });
});
