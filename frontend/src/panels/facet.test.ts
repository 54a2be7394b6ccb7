import { describe, expect, test } from "vitest";

import { Facet } from "./facet";

const VALUES = ["Idea", "Papilio", "Vanessa"].map((text, i) => ({ code: i + 1, text, count: 9 }));

describe("a facet", () => {
  const make = (): { facet: Facet; toggled: string[]; lines: () => string[] } => {
    const toggled: string[] = [];
    const column = { column: "genus", label: "Genus", n: 3 };
    const facet = new Facet(column, {
      toggle: (value) => toggled.push(value),
      opened: () => undefined,
    });
    facet.element.open = true;
    document.body.replaceChildren(facet.element);
    const lines = (): string[] =>
      [...facet.element.querySelectorAll("label")].map((label) => label.textContent);
    return { facet, toggled, lines };
  };

  test("lists values by how many media have them", () => {
    const { facet, lines } = make();
    facet.fill({ n: 3, whole: true, values: VALUES }, [0, 2, 7, 0]);
    expect(lines()).toEqual(["Papilio7", "Idea2", "Vanessa0"]);
    facet.ask(["Vanessa"]);
    expect(lines()).toEqual(["Papilio7", "Idea2", "Vanessa0"]);
    expect(facet.element.querySelector("input[data-code='3']")).toHaveProperty("checked", true);
  });

  test("what is asked for is shown even where it would be far below", () => {
    const { facet, lines } = make();
    const values = Array.from("abcdefghij", (text, i) => ({ code: i + 1, text, count: 1 }));
    facet.fill({ n: 10, whole: true, values }, [0, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(lines()).toHaveLength(6);
    facet.ask(["j"]);
    expect(lines()).toEqual(["j0", "a9", "b8", "c7", "d6", "e5", "f4"]);
  });

  test("a box that is ticked asks for its value", () => {
    const { facet, toggled } = make();
    facet.fill({ n: 3, whole: true, values: VALUES }, [0, 2, 7, 0]);
    facet.element.querySelector<HTMLInputElement>("input[data-code='1']")?.click();
    expect(toggled).toEqual(["Idea"]);
  });

  test("drawn again, it leaves the keyboard where it was", () => {
    const { facet } = make();
    facet.fill({ n: 3, whole: true, values: VALUES }, [0, 2, 7, 0]);
    facet.element.querySelector<HTMLInputElement>("input[data-code='1']")?.focus();
    facet.fill({ n: 3, whole: true, values: VALUES }, [0, 9, 7, 0]);
    expect(document.activeElement?.getAttribute("data-code")).toBe("1");
  });

  test("markup in a value is text", () => {
    const { facet, lines } = make();
    const text = "<img src=x onerror=alert(1)>";
    facet.fill({ n: 1, whole: true, values: [{ code: 1, text, count: 1 }] }, [0, 1]);
    expect(facet.element.querySelector("img")).toBeNull();
    expect(lines()[0]).toContain(text);
  });
});
