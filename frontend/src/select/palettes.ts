/** Red, green and blue from 0 to 255. */
export type Rgb = readonly [number, number, number];

/**
 * Colours for classes, told apart also by those who see red and green alike.
 *
 * Okabe and Ito, Color Universal Design (2008), in an order in which the first few differ most.
 */
export const CLASS_COLOURS: readonly Rgb[] = [
  [0, 114, 178],
  [230, 159, 0],
  [0, 158, 115],
  [204, 121, 167],
  [86, 180, 233],
  [213, 94, 0],
  [240, 228, 66],
];

/** All classes that have no colour of their own; lighter, it looks like purple to some. */
export const OTHER_COLOUR: Rgb = [90, 90, 90];

/** Media without a value. */
export const NONE_COLOUR: Rgb = [214, 211, 206];

/** Viridis by van der Walt and Smith (2015), public domain: every eighth of its range. */
const VIRIDIS: readonly Rgb[] = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
];

/** Return the colour of a share of a range, from 0 to 1: dark is low. */
export function rampColour(share: number): Rgb {
  const at = Math.min(Math.max(share, 0), 1) * (VIRIDIS.length - 1);
  const low = VIRIDIS[Math.floor(at)] ?? OTHER_COLOUR;
  const high = VIRIDIS[Math.ceil(at)] ?? OTHER_COLOUR;
  const mixed = low.map((part, i) => Math.round(part + ((high[i] ?? part) - part) * (at % 1)));
  return [mixed[0] ?? 0, mixed[1] ?? 0, mixed[2] ?? 0];
}

/** Return a colour as CSS. */
export function css([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}
