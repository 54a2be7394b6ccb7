import { beforeEach, expect, it } from "vitest";

import { Selection } from "./selection";

let selection: Selection;

beforeEach(() => {
  selection = new Selection();
});

it("chooses one, a range to it, and one more", () => {
  selection.only(4);
  selection.extend(7, false);
  expect(selection.places).toEqual([4, 5, 6, 7]);
  selection.extend(2, false);
  expect(selection.places).toEqual([2, 3, 4]);
  selection.toggle(10);
  expect(selection.places).toEqual([2, 3, 4, 10]);
  selection.toggle(3);
  expect(selection.places).toEqual([2, 4, 10]);
});

it("adds a second range to the first, and takes it in again when it is drawn shorter", () => {
  selection.only(1);
  selection.extend(2);
  selection.toggle(10);
  selection.extend(13);
  selection.extend(11);
  expect(selection.places).toEqual([1, 2, 10, 11]);
});

it("selects on the way of the arrow keys from where they set out", () => {
  selection.move(5);
  expect(selection.size).toBe(0);
  selection.extend(6);
  selection.extend(7);
  selection.extend(6);
  expect(selection.places).toEqual([5, 6]);
  expect(selection.focus).toBe(6);
  selection.move(20);
  expect(selection.places).toEqual([5, 6]);
  selection.extend(21);
  expect(selection.places).toEqual([5, 6, 20, 21]);
});

it("draws rectangles in place of what was chosen, or besides", () => {
  selection.only(3);
  selection.draw([7, 8], true);
  expect(selection.places).toEqual([3, 7, 8]);
  selection.draw([8], true);
  expect(selection.places).toEqual([3, 8]);
  selection.drawn();
  selection.draw([1, 2], false);
  selection.drawn();
  expect(selection.places).toEqual([1, 2]);
});

it("takes all in sight, and lets all go", () => {
  selection.only(0);
  selection.add(4, 7);
  expect(selection.places).toEqual([0, 4, 5, 6]);
  selection.clear();
  expect(selection.size).toBe(0);
  selection.extend(2);
  expect(selection.places).toEqual([0, 1, 2]);
});
