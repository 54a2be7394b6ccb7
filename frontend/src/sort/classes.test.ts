import { expect, it } from "vitest";

import { choiceOf, choicesOf, keysOf } from "./classes";

const classes = (...names: string[]) =>
  [...names.map((name, i) => ({ name, key: i < 9 ? String(i + 1) : "", n: 0 }))].concat([
    { name: "unsure", key: "0", n: 0 },
  ]);
const pressed = (key: string, more: KeyboardEventInit = {}): KeyboardEvent =>
  new KeyboardEvent("keydown", { key, ...more });

it("gives each class its digit, and its first letter where that is free", () => {
  const choices = choicesOf(classes("good", "bad", "blurred", "upside down"));
  const called = (key: string) => choiceOf(choices, pressed(key))?.name;
  expect(["1", "2", "3", "4", "0"].map(called)).toEqual([
    "good",
    "bad",
    "blurred",
    "upside down",
    "unsure",
  ]);
  expect(["g", "B", "n", "u"].map(called)).toEqual(["good", "bad", "unsure", undefined]);
  expect(choices.map(keysOf)).toEqual(["1 G", "2 B", "3", "4", "0 N"]);
});

it("takes no key of the browser for an answer", () => {
  const choices = choicesOf(classes("good", "bad"));
  expect(choiceOf(choices, pressed("b", { ctrlKey: true }))).toBeNull();
  expect(choiceOf(choices, pressed("1", { altKey: true }))).toBeNull();
  expect(choiceOf(choices, pressed("Enter"))).toBeNull();
});

it("tells classes apart without their colours", () => {
  const choices = choicesOf(classes("a", "b", "c", "d", "e", "f", "g", "h", "i"));
  expect(new Set(choices.map(({ sign }) => sign)).size).toBe(10);
  expect(new Set(choices.map(({ look }) => look)).size).toBe(10);
});
