import { expect, test } from "vitest";

import type { Layout } from "../schema";
import { Store } from "../store";
import { layoutChooser, namesOf } from "./layouts";

function layout(name: string, more: Partial<Layout> = {}): Layout {
  return { name, title: "", method: name, marks: null, plane: null, ...more };
}

const PLANE = {} as NonNullable<Layout["plane"]>;

test("layouts are named by their titles, or else by what they are", () => {
  const layouts = [
    layout("relax"),
    layout("years", { method: "timeline", title: "Collected in" }),
    layout("kinds", { method: "taxonomy" }),
    layout("families", { method: "taxonomy" }),
    layout("spiral"),
  ];
  expect(namesOf(layouts)).toEqual([
    "By likeness",
    "Collected in",
    "Classification (kinds)",
    "Classification (families)",
    "spiral",
  ]);
});

test("a choice is told, and what is shown is checked however it came about", () => {
  const store = new Store();
  const chosen: string[] = [];
  const element = layoutChooser([layout("relax"), layout("grid", { plane: PLANE })], store, {
    choose: (name) => chosen.push(name),
    showMarks: () => undefined,
  });
  document.body.append(element);
  const button = element.querySelector("button");
  expect(button?.getAttribute("aria-label")).toBe("Layout: By likeness");
  button?.click();
  const [first, second] = element.querySelectorAll<HTMLInputElement>("[type=radio]");
  expect(document.activeElement).toBe(first);
  second?.click();
  expect(chosen).toEqual(["grid"]);
  store.set({ layout: "grid" });
  expect(button?.getAttribute("aria-label")).toBe("Layout: Wall");
  store.set({ layout: "" });
  expect(first?.checked).toBe(true);
  second?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  expect(element.querySelector<HTMLElement>(".layout-menu")?.hidden).toBe(true);
  expect(document.activeElement).toBe(button);
});
