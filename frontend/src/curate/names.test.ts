import { beforeEach, expect, it, vi } from "vitest";

import { type Choice, NameField } from "./names";
import type { Name } from "./schema";

const NEAR: readonly Choice[] = [
  { name: "Aglais io", note: "proposed" },
  { name: "Aglais urticae", note: "among the neighbours" },
];
const KNOWN: readonly Name[] = [
  { name: "Vanessa cardui", n_media: 12 },
  { name: "Vanessa atalanta", n_media: 1 },
];

let field: NameField;
let input: HTMLInputElement;
let done: string[];
let answer: (text: string) => Promise<readonly Name[]>;

beforeEach(() => {
  vi.useFakeTimers();
  done = [];
  answer = (text) =>
    Promise.resolve(KNOWN.filter(({ name }) => name.toLowerCase().startsWith(text)));
  field = new NameField(
    (text) => answer(text),
    () => done.push(field.value),
  );
  document.body.replaceChildren(field.element);
  input = field.element.querySelector("input") ?? document.createElement("input");
  field.offer("Aglais io", NEAR);
});

function press(key: string): void {
  input.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

async function type(text: string): Promise<void> {
  input.value = text;
  input.dispatchEvent(new Event("input"));
  await vi.advanceTimersByTimeAsync(500);
}

function offered(): (string | null)[] {
  const list = field.element.querySelector<HTMLElement>("ul");
  if (!list || list.hidden) return [];
  return [...list.children].map((one) => one.firstElementChild?.textContent ?? one.textContent);
}

it("offers the likely names before anything is typed", () => {
  expect(offered()).toEqual([]);
  field.focus();
  expect(offered()).toEqual(["Aglais io", "Aglais urticae"]);
  press("Enter");
  expect(done).toEqual(["Aglais io"]);
});

it("offers what was typed may mean; arrows and Enter take one, Enter again renames", async () => {
  field.focus();
  await type("vane");
  expect(offered().slice(0, 2)).toEqual(["Vanessa cardui", "Vanessa atalanta"]);
  press("ArrowDown");
  press("ArrowDown");
  expect(input.getAttribute("aria-activedescendant")).toBe("known-names-1");
  press("Enter");
  expect(done).toEqual([]);
  expect([field.value, offered()]).toEqual(["Vanessa atalanta", []]);
  press("Enter");
  expect(done).toEqual(["Vanessa atalanta"]);
});

it("takes a name that nobody bears, and says that it is new", async () => {
  field.focus();
  await type("Novum  nomen ");
  expect(offered()).toEqual(["Not a name of this collection yet"]);
  press("Enter");
  expect(done).toEqual(["Novum nomen"]);
});

it("shows no answer that came after another was asked for", async () => {
  field.focus();
  let late: (names: readonly Name[]) => void = () => undefined;
  answer = () => new Promise((resolve) => (late = resolve));
  await type("old");
  answer = () => Promise.resolve(KNOWN);
  await type("vanessa cardui");
  late([{ name: "Old name", n_media: 1 }]);
  await vi.advanceTimersByTimeAsync(1);
  expect(offered()).toEqual(["Vanessa cardui", "Vanessa atalanta"]);
});

it("closes at Escape, and leaves the field at the next one", () => {
  field.focus();
  press("Escape");
  expect([offered(), document.activeElement]).toEqual([[], input]);
  press("Escape");
  expect(document.activeElement).not.toBe(input);
});
