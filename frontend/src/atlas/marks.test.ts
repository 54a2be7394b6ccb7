// @vitest-environment node
import { describe, expect, test } from "vitest";

import { Rows, RowSet } from "../select/rows";
import { type Look, Marks, paintOf, type TileMedia } from "./marks";

const SIDE = 64;

/** As much of a canvas as is drawn on: what was painted last, and how opaque it is. */
class Sheet {
  globalAlpha = 1;
  fillStyle = "";
  strokeStyle = "";
  lineWidth = 1;
  readonly #alpha = new Float32Array(SIDE * SIDE);
  readonly #colour = new Array<string>(SIDE * SIDE).fill("");

  at(x: number, y: number): { alpha: number; colour: string } {
    const place = y * SIDE + x;
    return { alpha: this.#alpha[place] ?? 0, colour: this.#colour[place] ?? "" };
  }

  clearRect(left: number, top: number, width: number, height: number): void {
    this.#each(left, top, width, height, (place) => {
      this.#alpha[place] = 0;
      this.#colour[place] = "";
    });
  }

  fillRect(left: number, top: number, width: number, height: number): void {
    this.#each(left, top, width, height, (place) => {
      const below = this.#alpha[place] ?? 0;
      this.#alpha[place] = below + (1 - below) * this.globalAlpha;
      this.#colour[place] = this.fillStyle;
    });
  }

  strokeRect(left: number, top: number, width: number, height: number): void {
    const half = this.lineWidth / 2;
    this.#each(left - half, top - half, width + 2 * half, height + 2 * half, (place, x, y) => {
      const within = x > left + half && x < left + width - half;
      if (within && y > top + half && y < top + height - half) return;
      this.#alpha[place] = 1;
      this.#colour[place] = this.strokeStyle;
    });
  }

  #each(
    left: number,
    top: number,
    width: number,
    height: number,
    paint: (place: number, x: number, y: number) => void,
  ): void {
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++)
        if (x + 0.5 > left && x + 0.5 < left + width && y + 0.5 > top && y + 0.5 < top + height)
          paint(y * SIDE + x, x + 0.5, y + 0.5);
  }
}

/** Sprites 0 and 1 of 12 pixels side by side at half scale; the tile begins at 100, 100. */
const media: TileMedia = {
  frame: { left: 100, top: 100, scale: 0.5, side: SIDE },
  density: 1,
  places: [
    {
      first: 0,
      x: Float32Array.of(120, 180),
      y: Float32Array.of(120, 180),
      w: Uint16Array.of(24, 24),
      h: Uint16Array.of(24, 24),
    },
  ],
  raised: [],
  dots: null,
};
const chosen = RowSet.of(4, [Rows.ofNumbers([0])]);
const plain: Look = { chosen: null, colouring: null, background: "#fff" };

function drawn(look: Partial<Look>, shown: Partial<TileMedia> = {}): Sheet {
  const sheet = new Sheet();
  const context = sheet as unknown as CanvasRenderingContext2D;
  new Marks(context, { ...media, ...shown }, { ...plain, ...look }).draw();
  return sheet;
}

describe("Marks", () => {
  test("a veil lies over all but what is chosen", () => {
    const sheet = drawn({ chosen });
    expect(sheet.at(10, 10).alpha).toBe(0);
    expect(sheet.at(5, 15).alpha).toBe(0);
    expect(sheet.at(40, 40)).toMatchObject({ colour: "#fff" });
    expect(sheet.at(40, 40).alpha).toBeGreaterThan(0.5);
    expect(sheet.at(25, 25).alpha).toBeGreaterThan(0.5);
  });

  test("media have frames in the colours of their classes, beside their pictures", () => {
    const colouring = {
      classes: Uint8Array.of(0, 1),
      colours: [
        [1, 1, 1],
        [9, 9, 9],
      ] as const,
    };
    const sheet = drawn({ colouring });
    expect(sheet.at(3, 10).colour).toBe("rgb(1 1 1)");
    expect(sheet.at(33, 40).colour).toBe("rgb(9 9 9)");
    expect([sheet.at(10, 10).alpha, sheet.at(40, 40).alpha, sheet.at(25, 25).alpha]).toEqual([
      0, 0, 0,
    ]);
  });

  test("what lies on top of a chosen one and is not chosen stays veiled", () => {
    const low = { rows: Uint32Array.of(0), boxes: Float32Array.of(100, 100, 80, 80) };
    const high = { rows: Uint32Array.of(2), boxes: Float32Array.of(140, 100, 80, 80) };
    const sheet = drawn({ chosen }, { raised: [low, high], places: [] });
    const veil = sheet.at(60, 60).alpha;
    expect(sheet.at(10, 20).alpha).toBe(0);
    expect(sheet.at(30, 20).alpha).toBeCloseTo(veil);
    expect(sheet.at(50, 20).alpha).toBeCloseTo(veil);
  });

  test("dots are of the colour of their class, and none for what is not chosen", () => {
    const colouring = {
      classes: Uint8Array.of(1, 1, 0),
      colours: [
        [1, 1, 1],
        [255, 0, 0],
      ] as const,
    };
    const paint = paintOf({ ...plain, chosen, colouring });
    expect([paint(0), paint(1)]).toEqual([0xff0000ff, 0]);
    expect(paintOf({ ...plain, chosen })(0)).not.toBe(0);
  });
});
