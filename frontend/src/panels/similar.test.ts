import { describe, expect, test, vi } from "vitest";

import type { DataSource } from "../data/source";
import { aCard } from "../testing/atlas";
import { similar } from "./similar";

const picture = { path: "pictures/one.jpg", width: 80, height: 60 };

function source(neighbours: number[]): DataSource {
  const near: Partial<DataSource> = {
    neighbours: () => Promise.resolve(neighbours),
    card: (row) =>
      row === 9
        ? Promise.reject(new Error("not there"))
        : Promise.resolve(aCard({ title: `Idea ${row}`, picture })),
    address: (path) => `http://localhost/${path}`,
  };
  return near as DataSource;
}

describe("similar media", () => {
  test("stand in their order, each opening its own card; one that cannot be read is left out", async () => {
    const opened: number[] = [];
    const section = similar(source([7, 9, 3]), 1, (row) => opened.push(row));
    await vi.waitUntil(() => !section.hidden);
    const buttons = [...section.querySelectorAll("button")];
    expect(buttons.map((one) => one.getAttribute("aria-label"))).toEqual([
      "Open Idea 7",
      "Open Idea 3",
    ]);
    buttons[1]?.click();
    expect(opened).toEqual([3]);
  });

  test("are not spoken of where none are known", async () => {
    const section = similar(source([]), 1, () => undefined);
    await new Promise((resolve) => setTimeout(resolve));
    expect(section.hidden).toBe(true);
  });
});
