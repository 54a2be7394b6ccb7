import { beforeEach, expect, it } from "vitest";

import { Bitmap } from "./bitmap";
import { History } from "./history";

let bitmap: Bitmap;
let history: History;

beforeEach(() => {
  bitmap = new Bitmap(40, 40);
  history = new History(bitmap);
});

function dot(x: number): void {
  const before = bitmap.copy();
  const area = bitmap.stroke({ x, y: 20 }, { x, y: 20 }, 3, 1);
  if (area) history.add(area, before);
}

it("goes back and forth to exactly what there was", () => {
  const states = [bitmap.data.slice()];
  for (const x of [10, 12, 30]) {
    dot(x);
    states.push(bitmap.data.slice());
  }
  for (const state of states.slice(0, -1).reverse()) {
    history.undo();
    expect(bitmap.data).toEqual(state);
  }
  expect(history.undo()).toBeNull();
  for (const state of states.slice(1)) {
    history.redo();
    expect(bitmap.data).toEqual(state);
  }
  expect(history.canRedo).toBe(false);
});

it("forgets what was undone when something else is done", () => {
  dot(10);
  history.undo();
  dot(30);
  expect(history.canRedo).toBe(false);
});

it("takes no step where nothing changed", () => {
  dot(10);
  dot(10);
  history.undo();
  expect(history.canUndo).toBe(false);
});

it("knows whether the mask differs from the saved one, on every way there", () => {
  expect(history.dirty).toBe(false);
  dot(10);
  expect(history.dirty).toBe(true);
  history.markSaved();
  expect(history.dirty).toBe(false);
  history.undo();
  expect(history.dirty).toBe(true);
  history.redo();
  expect(history.dirty).toBe(false);
  history.undo();
  dot(30);
  history.undo();
  expect(history.dirty).toBe(true);
});
