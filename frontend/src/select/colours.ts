import type { ColumnSource } from "../data/source";
import { CLASS_COLOURS, css, NONE_COLOUR, OTHER_COLOUR, rampColour, type Rgb } from "./palettes";
import type { RowSet } from "./rows";

/** Steps of a scale of numbers in the legend. */
const LEGEND_STEPS = 8;

/** Steps of a scale of numbers on the map. */
const MAP_STEPS = 64;

/** This share of the numbers at each end does not stretch a scale. */
const TAIL = 0.01;

/** What media of one colour have in common. */
export type LegendEntry = {
  /** Of CSS. */
  readonly colour: string;
  /** Media that have it, in the whole atlas. */
  readonly count: number;
  /** The classes of a colouring that the entry stands for: first, and end, exclusive. */
  readonly classes: readonly [number, number];
} & (
  | { readonly kind: "value"; readonly code: number; readonly text: string }
  /** From `low` to `high`, the end excluded but in the last entry. */
  | { readonly kind: "range"; readonly low: number; readonly high: number }
  /** All other values together: those that have no entry. */
  | { readonly kind: "other"; readonly values: number }
  | { readonly kind: "none" }
);

/** A class for each row, and what is drawn for it. */
export interface Colouring {
  readonly column: string;
  readonly kind: "values" | "numbers";
  /** Class of each row; 0 is no value. */
  readonly classes: Uint8Array;
  /** Colour of each class. */
  readonly colours: readonly Rgb[];
  readonly legend: readonly LegendEntry[];
}

/** Return the colours of a column: of its values where it has some, or else of its numbers. */
export async function colouringOf(source: ColumnSource, column: string): Promise<Colouring> {
  const coded = source.atlas.dictionaries.some((one) => one.column === column);
  return coded ? ofValues(source, column) : ofNumbers(source, column);
}

/** Count the media of each entry of a legend among some rows. */
export function countsOf({ classes, legend }: Colouring, rows: RowSet | null): number[] {
  const counts = countClasses(classes, rows);
  return legend.map((entry) => sum(counts.subarray(entry.classes[0], entry.classes[1])));
}

/** The values with most media have a colour each, the others one together. */
async function ofValues(source: ColumnSource, column: string): Promise<Colouring> {
  const [codes, { n, values }] = await Promise.all([source.codes(column), source.values(column)]);
  const many = values.length > CLASS_COLOURS.length;
  const top = [...values]
    .sort((a, b) => b.count - a.count || a.code - b.code)
    .slice(0, CLASS_COLOURS.length);
  const other = top.length + 1;
  const classOf = new Uint8Array(n + 1).fill(other);
  classOf[0] = 0;
  for (const [i, { code }] of top.entries()) classOf[code] = i + 1;
  const classes = new Uint8Array(codes.length);
  for (let row = 0; row < codes.length; row++) classes[row] = classOf[codes[row] ?? 0] ?? 0;
  const counts = countClasses(classes, null);
  const entry = (i: number, colour: Rgb): Pick<LegendEntry, "classes" | "colour" | "count"> => ({
    ...{ colour: css(colour), count: counts[i] ?? 0, classes: [i, i + 1] },
  });
  const legend: LegendEntry[] = top.map(({ code, text }, i) => ({
    ...entry(i + 1, CLASS_COLOURS[i] ?? OTHER_COLOUR),
    ...{ kind: "value", code, text },
  }));
  if (many) legend.push({ ...entry(other, OTHER_COLOUR), kind: "other", values: n - top.length });
  if (counts[0]) legend.push({ ...entry(0, NONE_COLOUR), kind: "none" });
  const colours = [NONE_COLOUR, ...CLASS_COLOURS.slice(0, top.length), OTHER_COLOUR];
  return { column, kind: "values", classes, colours, legend };
}

/** Numbers are coloured from dark to light; the few far out are as the last before them. */
async function ofNumbers(source: ColumnSource, column: string): Promise<Colouring> {
  const { values, min, max } = await source.numbers(column);
  const [low, high] = middleRange(values, min, max);
  const step = (high - low) / MAP_STEPS || 1;
  const classes = new Uint8Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? NaN;
    if (!Number.isNaN(value))
      classes[row] = 1 + Math.min(Math.max(Math.floor((value - low) / step), 0), MAP_STEPS - 1);
  }
  const colours = [NONE_COLOUR];
  for (let i = 0; i < MAP_STEPS; i++) colours.push(rampColour(i / (MAP_STEPS - 1)));
  const counts = countClasses(classes, null);
  const each = MAP_STEPS / LEGEND_STEPS;
  const legend = Array.from({ length: LEGEND_STEPS }, (_, i): LegendEntry => {
    const first = 1 + i * each;
    return {
      kind: "range",
      colour: css(rampColour((i + 0.5) / LEGEND_STEPS)),
      low: i ? low + i * each * step : min,
      high: i < LEGEND_STEPS - 1 ? low + (i + 1) * each * step : max,
      classes: [first, first + each],
      count: sum(counts.subarray(first, first + each)),
    };
  });
  if (counts[0])
    legend.push({ kind: "none", colour: css(NONE_COLOUR), classes: [0, 1], count: counts[0] });
  return { column, kind: "numbers", classes, colours, legend };
}

/** The range of the numbers without the tails at both ends. */
function middleRange(values: Float32Array, min: number, max: number): [number, number] {
  const n = 1024;
  const width = (max - min) / n || 1;
  const counts = new Uint32Array(n);
  let known = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    known++;
    const bin = Math.min(Math.max(Math.floor((value - min) / width), 0), n - 1);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  let [first, last] = [0, n - 1];
  let below = 0;
  while (first < last && below + (counts[first] ?? 0) <= known * TAIL)
    below += counts[first++] ?? 0;
  let above = 0;
  while (last > first && above + (counts[last] ?? 0) <= known * TAIL) above += counts[last--] ?? 0;
  return [min + first * width, Math.min(max, min + (last + 1) * width)];
}

function countClasses(classes: Uint8Array, rows: RowSet | null): Uint32Array {
  const counts = new Uint32Array(256);
  const count = (row: number): void => {
    const one = classes[row] ?? 0;
    counts[one] = (counts[one] ?? 0) + 1;
  };
  if (rows) rows.each(count);
  else for (let row = 0; row < classes.length; row++) count(row);
  return counts;
}

function sum(numbers: Uint32Array): number {
  return numbers.reduce((all, one) => all + one, 0);
}
