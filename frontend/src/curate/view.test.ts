import { beforeEach, describe, expect, it } from "vitest";

import { View } from "./view";

let view: View;

beforeEach(() => {
  view = new View();
  view.resize(400, 300);
  view.open(1600, 600);
});

describe("a view", () => {
  it("shows the whole picture in the middle at first", () => {
    const corner = view.toPane({ x: 0, y: 0 });
    const opposite = view.toPane({ x: 1600, y: 600 });
    expect(corner.x + opposite.x).toBeCloseTo(400);
    expect(corner.y + opposite.y).toBeCloseTo(300);
    expect(corner.x).toBeGreaterThanOrEqual(0);
    expect(opposite.x).toBeLessThanOrEqual(400);
  });

  it("keeps the point under the pointer when it zooms", () => {
    const at = { x: 250, y: 140 };
    const before = view.toPicture(at);
    view.zoom(3, at);
    const after = view.toPicture(at);
    expect(after.x).toBeCloseTo(before.x);
    expect(after.y).toBeCloseTo(before.y);
  });

  it("knows whether it is enlarged", () => {
    expect(view.enlarged).toBe(false);
    view.pan(40, 0);
    expect(view.enlarged).toBe(false);
    view.zoom(2);
    expect(view.enlarged).toBe(true);
    view.fit();
    expect(view.enlarged).toBe(false);
  });

  it("takes points there and back", () => {
    view.zoom(2.7);
    view.pan(13, -8);
    const point = view.toPane(view.toPicture({ x: 31, y: 47 }));
    expect(point.x).toBeCloseTo(31);
    expect(point.y).toBeCloseTo(47);
  });

  it("never loses the picture", () => {
    for (const [dx, dy] of [
      [9999, 9999],
      [-99999, -99999],
    ] as const) {
      view.pan(dx, dy);
      const middle = view.toPicture({ x: 200, y: 150 });
      expect(middle.x).toBeGreaterThanOrEqual(-1e-6);
      expect(middle.x).toBeLessThanOrEqual(1600 + 1e-6);
      expect(middle.y).toBeGreaterThanOrEqual(-1e-6);
      expect(middle.y).toBeLessThanOrEqual(600 + 1e-6);
    }
    for (let i = 0; i < 60; i++) view.zoom(1.5);
    expect(view.scale).toBeLessThan(100);
    for (let i = 0; i < 60; i++) view.zoom(0.5);
    expect(view.scale).toBeGreaterThan(0.05);
  });

  it("stays whole when the pane changes, and stays where it was once it was moved", () => {
    view.resize(800, 600);
    expect(view.toPane({ x: 800, y: 300 })).toEqual({ x: 400, y: 300 });
    view.zoom(4);
    view.pan(20, 5);
    const middle = view.toPicture({ x: 400, y: 300 });
    view.resize(500, 500);
    const kept = view.toPicture({ x: 250, y: 250 });
    expect(kept.x).toBeCloseTo(middle.x);
    expect(kept.y).toBeCloseTo(middle.y);
  });
});
