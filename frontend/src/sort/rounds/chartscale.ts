/** Maps numbers of an axis to pixels. */
export type Scale = (value: number) => number;

/** The ends of an axis. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Steps that read easily, as multiples of a power of ten. */
const STEPS = [1, 2, 5, 10];

/** Return the scale that puts `domain` on the pixels from `first` to `last`. */
export function scale({ low, high }: Range, first: number, last: number): Scale {
  const span = high - low;
  return (value) =>
    span === 0 ? (first + last) / 2 : first + ((value - low) / span) * (last - first);
}

/** Return the range of some numbers; what is not a number is passed over. */
export function rangeOf(values: readonly (number | null | undefined)[]): Range | null {
  const known = values.flatMap((value) => (Number.isFinite(value) ? [Number(value)] : []));
  return known.length ? { low: Math.min(...known), high: Math.max(...known) } : null;
}

/** Return a range that ends on round numbers and holds another; never one of no length. */
export function roundedRange(range: Range, wanted: number, whole = false): Range {
  const step = stepOf(range, wanted, whole);
  const low = Math.floor(tidy(range.low / step)) * step;
  const high = Math.ceil(tidy(range.high / step)) * step;
  return { low: tidy(low), high: tidy(high === low ? low + step : high) };
}

/** Return round numbers within a range, about as many as wanted. */
export function ticks(range: Range, wanted: number, whole = false): number[] {
  const step = stepOf(range, wanted, whole);
  const first = Math.ceil(tidy(range.low / step));
  const last = Math.floor(tidy(range.high / step));
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, i) => tidy((first + i) * step));
}

function stepOf({ low, high }: Range, wanted: number, whole: boolean): number {
  const rough = (high - low) / Math.max(wanted, 1) || Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find((one) => one * power >= rough * (1 - 1e-9)) ?? 10);
  return whole ? Math.max(1, Math.round(step)) : step;
}

/** Take off what binary fractions leave at the end of decimal ones. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
