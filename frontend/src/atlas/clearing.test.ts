// @vitest-environment node
import { describe, expect, test } from "vitest";

import type { PlaceName } from "../schema";
import { clearOfEachOther } from "./clearing";

const name = (value: string, x: number, y: number): PlaceName => ({
  ...{ value, x, y, column: "family", n: 9 },
});
const width = ({ value }: PlaceName): number => 10 * value.length;
const left = (names: PlaceName[], scale = 1): string[] =>
  clearOfEachOther(names, scale, width).map(({ value }) => value);

describe("names on the map", () => {
  test("the heavier of two that touch stays", () => {
    expect(left([name("Idea", 100, 100), name("Pieris", 120, 110)])).toEqual(["Idea"]);
  });

  test("names side by side and one above the other both stay", () => {
    const names = [name("Idea", 100, 100), name("Pieris", 180, 100), name("Vanessa", 100, 130)];
    expect(left(names)).toEqual(["Idea", "Pieris", "Vanessa"]);
  });

  test("what touches from afar is apart nearby", () => {
    const names = [name("Idea", 100, 100), name("Pieris", 400, 100)];
    expect(left(names, 1 / 8)).toEqual(["Idea"]);
    expect(left(names, 1 / 2)).toEqual(["Idea", "Pieris"]);
  });

  test("a long name is seen to touch one far from its middle", () => {
    expect(left([name("A".repeat(40), 500, 50), name("Idea", 320, 50)])).toHaveLength(1);
  });

  test("of very many none overlap", () => {
    const names = Array.from({ length: 2000 }, (_, i) =>
      name("Genus", (i * 7919) % 1000, (i * 104729) % 1000),
    );
    const kept = clearOfEachOther(names, 1, width);
    expect(kept.length).toBeGreaterThan(100);
    const meet = kept.filter((one, i) =>
      kept
        .slice(0, i)
        .some((other) => Math.abs(one.x - other.x) < 50 && Math.abs(one.y - other.y) < 20),
    );
    expect(meet).toEqual([]);
  });
});
