import type { Mark } from "../schema";

/** A box on the screen. */
export interface ScreenBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A mark that is shown: its own box on the screen, and that of its text. */
export interface PlacedMark {
  readonly mark: Mark;
  readonly box: ScreenBox;
  readonly text: ScreenBox;
}

/** A mark that is in the window. */
type SeenMark = Pick<PlacedMark, "box" | "mark">;

/** No more marks than these are shown at once. */
const MOST = 90;

/** Space between two texts on the screen. */
const AIR_PX = 6;

/** Height of a text on the screen; layoutmarks.css says the same. */
const TEXT_PX = 18;

/** A block is named where it is at least as wide as its name, and this high. */
const LEAST_BLOCK_PX = 54;

/** How far the text of a block reaches over its upper edge. */
const OVER_PX = 3;

/** Steps of a scale, the least first; the first shows every line there is. */
const YEAR_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
const DEGREE_STEPS = [10, 20, 30, 60, 90];

/**
 * Choose the marks that are shown in a window, and where their texts stand.
 *
 * The largest blocks come first, and of scales the multiples of a round number; a text that would
 * lie over another is left out, with its line. `boxOf` tells where a mark lies on the screen, `widthOf` how wide its
 * text is, both in pixels.
 */
export function placeMarks(
  marks: readonly Mark[],
  window: ScreenBox,
  boxOf: (mark: Mark) => ScreenBox,
  widthOf: (mark: Mark) => number,
): PlacedMark[] {
  const seen = marks
    .map((mark) => ({ mark, box: boxOf(mark) }))
    .filter(({ box }) => meets(box, window));
  const kinds = (["tick", "meridian", "parallel"] as const).map((kind) =>
    seen.filter(({ mark }) => mark.kind === kind),
  );
  const blocks = seen.filter(({ mark }) => mark.kind === "block");
  blocks.sort((a, b) => sizeOf(b) - sizeOf(a));
  const placed: PlacedMark[] = [];
  for (const { mark, box } of [...kinds.flatMap((kind) => thinned(kind, widthOf)), ...blocks]) {
    if (placed.length >= MOST) break;
    const text = textBox(mark, box, window, widthOf(mark));
    if (text && !placed.some((other) => meets(grown(other.text), text)))
      placed.push({ mark, box, text });
  }
  return placed;
}

/** Lines of a scale whose numbers are multiples of one step: the least that leaves room for all. */
function thinned(lines: readonly SeenMark[], widthOf: (mark: Mark) => number): SeenMark[] {
  const [first] = lines;
  if (!first) return [];
  const upright = first.mark.kind !== "parallel";
  const steps = first.mark.kind === "tick" ? YEAR_STEPS : DEGREE_STEPS;
  const room = upright ? Math.max(...lines.map(({ mark }) => widthOf(mark))) : TEXT_PX;
  for (const step of steps) {
    const chosen = lines.filter(({ mark }) => numberOf(mark) % step === 0);
    const places = chosen.map(({ box }) => (upright ? box.left : box.top)).sort((a, b) => a - b);
    const gaps = places.slice(1).map((place, i) => place - (places[i] ?? 0));
    if (chosen.length && gaps.every((gap) => gap >= room + AIR_PX)) return chosen;
  }
  return [first];
}

/** The number of a line, such as 40 for 40° N; a multiple of nothing if it has none. */
function numberOf({ text }: Mark): number {
  return Number.parseFloat(text.replace(/[^\d.]/g, ""));
}

/** Where the text of a mark stands; null if there is no room for it. */
function textBox(mark: Mark, box: ScreenBox, window: ScreenBox, width: number): ScreenBox | null {
  if (mark.kind === "block") return blockText(box, window, width);
  // a line is named at the edge of the window, or of the layout where that ends first
  const upright = mark.kind !== "parallel";
  const x = upright ? box.left : Math.max(box.left - width / 2, window.left + width / 2);
  const y = upright ? Math.max(box.top - TEXT_PX, window.top) : box.top - TEXT_PX / 2;
  const text = { left: x - width / 2, right: x + width / 2, top: y, bottom: y + TEXT_PX };
  return within(text, window) ? text : null;
}

/** The name of a block stands above its upper edge, in the part of it that is in the window. */
function blockText(box: ScreenBox, window: ScreenBox, width: number): ScreenBox | null {
  const [left, right] = [Math.max(box.left, window.left), Math.min(box.right, window.right)];
  const bottom = Math.min(box.bottom, window.bottom);
  const top = Math.max(box.top - TEXT_PX + OVER_PX, window.top);
  if (right - left < width || bottom - top < LEAST_BLOCK_PX) return null;
  const begin = left + Math.min(4, right - left - width);
  return { left: begin, right: begin + width, top, bottom: top + TEXT_PX };
}

function sizeOf({ box }: SeenMark): number {
  return (box.right - box.left) * (box.bottom - box.top);
}

function meets(a: ScreenBox, b: ScreenBox): boolean {
  return a.left <= b.right && b.left <= a.right && a.top <= b.bottom && b.top <= a.bottom;
}

function within(a: ScreenBox, b: ScreenBox): boolean {
  return a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom;
}

function grown({ left, top, right, bottom }: ScreenBox): ScreenBox {
  return { left: left - AIR_PX, top, right: right + AIR_PX, bottom };
}
