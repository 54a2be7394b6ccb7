// @vitest-environment node
import { describe, expect, test } from "vitest";

import { tileSize, wholeZoom } from "./plane";

const plane = { width: 1300, height: 700, maxZoom: 2 };

describe("a picture of its own", () => {
  test("fits into the window from the zoom on that shows all of it", () => {
    expect(wholeZoom(plane, { x: 650, y: 700 })).toBe(1);
    expect(wholeZoom(plane, { x: 1300, y: 175 })).toBe(0);
  });

  test("is not enlarged to fill a large window", () => {
    expect(wholeZoom(plane, { x: 9000, y: 9000 })).toBe(2);
  });

  test("has tiles that end where it ends", () => {
    expect(tileSize(plane, 512, { z: 2, x: 0, y: 0 })).toEqual({ w: 512, h: 512 });
    expect(tileSize(plane, 512, { z: 2, x: 2, y: 1 })).toEqual({ w: 276, h: 188 });
    expect(tileSize(plane, 512, { z: 1, x: 1, y: 0 })).toEqual({ w: 138, h: 350 });
    expect(tileSize(plane, 512, { z: 0, x: 0, y: 0 })).toEqual({ w: 325, h: 175 });
  });

  test("has odd sides rounded up, as its pyramid does", () => {
    const odd = { width: 701, height: 515, maxZoom: 1 };
    expect(tileSize(odd, 512, { z: 0, x: 0, y: 0 })).toEqual({ w: 351, h: 258 });
  });
});
