import { describe, expect, it } from "vitest";

import { Bitmap, union } from "./bitmap";

function rows(bitmap: Bitmap): string[] {
  const lines: string[] = [];
  for (let y = 0; y < bitmap.height; y++)
    lines.push(
      [...bitmap.data.subarray(y * bitmap.width, (y + 1) * bitmap.width)]
        .map((value) => (value ? "#" : "."))
        .join(""),
    );
  return lines;
}

function drawn(...lines: string[]): Bitmap {
  const bitmap = new Bitmap(lines[0]?.length ?? 0, lines.length);
  lines.forEach((line, y) => {
    Array.from(line).forEach((sign, x) => {
      bitmap.data[y * bitmap.width + x] = sign === "#" ? 1 : 0;
    });
  });
  return bitmap;
}

describe("a stroke", () => {
  it("sets the pixels whose centres it covers, and no others", () => {
    const bitmap = new Bitmap(7, 5);
    bitmap.stroke({ x: 1.5, y: 2.5 }, { x: 5.5, y: 2.5 }, 1, 1);
    expect(rows(bitmap)).toEqual([".......", ".#####.", "#######", ".#####.", "......."]);
  });

  it("covers about the area of its disc wherever it is touched down", () => {
    for (const radius of [3, 10, 40]) {
      const bitmap = new Bitmap(120, 120);
      bitmap.stroke({ x: 60.3, y: 59.8 }, { x: 60.3, y: 59.8 }, radius, 1);
      const area = Math.PI * radius * radius;
      expect(Math.abs(bitmap.count() / area - 1)).toBeLessThan(0.06);
    }
  });

  it("erases with 0, tells the part that it touched, and may run over the rim", () => {
    const bitmap = drawn("####", "####", "####");
    const area = bitmap.stroke({ x: -3, y: 0.5 }, { x: 1.5, y: 0.5 }, 0.8, 0);
    expect(rows(bitmap)).toEqual(["..##", "####", "####"]);
    expect(area).toMatchObject({ left: 0, top: 0 });
    expect(bitmap.stroke({ x: -90, y: 0 }, { x: -50, y: 0 }, 3, 1)).toBeNull();
  });
});

describe("a polygon", () => {
  it("sets what lies inside, whichever way round it was drawn", () => {
    const corners = [
      { x: 1, y: 1 },
      { x: 5, y: 1 },
      { x: 5, y: 3 },
      { x: 1, y: 3 },
    ];
    const wanted = ["......", ".####.", ".####.", "......"];
    for (const way of [corners, [...corners].reverse()]) {
      const bitmap = new Bitmap(6, 4);
      bitmap.polygon(way, 1);
      expect(rows(bitmap)).toEqual(wanted);
    }
  });

  it("cuts with 0, is clipped at the rim, and needs three corners", () => {
    const bitmap = drawn("####", "####");
    bitmap.polygon(
      [
        { x: 2, y: -9 },
        { x: 90, y: -9 },
        { x: 90, y: 9 },
        { x: 2, y: 9 },
      ],
      0,
    );
    expect(rows(bitmap)).toEqual(["##..", "##.."]);
    expect(bitmap.polygon([{ x: 0, y: 0 }], 1)).toBeNull();
  });
});

describe("filling holes", () => {
  it("fills what is shut in and leaves what is open to the rim", () => {
    const bitmap = drawn(".####.", ".#..#.", ".####.", "##..##", "#....#");
    bitmap.fillHoles();
    expect(rows(bitmap)).toEqual([".####.", ".####.", ".####.", "##..##", "#....#"]);
  });

  it("says when there is none", () => {
    expect(drawn("##", ".#").fillHoles()).toBeNull();
    expect(new Bitmap(4, 4).fillHoles()).toBeNull();
  });
});

it("puts back exactly the part that was cut out", () => {
  const bitmap = drawn("#..#", ".##.", "#..#");
  const area = { left: 1, top: 0, right: 4, bottom: 2 };
  const part = bitmap.cut(area);
  bitmap.data.fill(1);
  bitmap.paste(part, area);
  expect(rows(bitmap)).toEqual(["#..#", "###.", "####"]);
});

it("unites parts, and nothing with a part is the part", () => {
  const a = { left: 1, top: 2, right: 3, bottom: 4 };
  expect(union(null, a)).toBe(a);
  expect(union(a, { left: 0, top: 3, right: 2, bottom: 9 })).toEqual({
    left: 0,
    top: 2,
    right: 3,
    bottom: 9,
  });
});
