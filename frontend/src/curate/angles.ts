/** Return an angle in [-180, 180), to a tenth of a degree. */
export function wrapped(degrees: number): number {
  const turned = ((((degrees + 180) % 360) + 360) % 360) - 180;
  const rounded = Math.round(turned * 10) / 10;
  return rounded >= 180 ? -180 : rounded + 0;
}

/** Return the direction from a centre to a point, degrees clockwise as seen, from the right. */
export function direction(dx: number, dy: number): number {
  return (Math.atan2(dy, dx) * 180) / Math.PI;
}

/** Return how far a pointer went around, the short way, in degrees clockwise as seen. */
export function between(from: number, to: number): number {
  const turned = (((to - from) % 360) + 540) % 360;
  return turned - 180;
}

/** Return an angle for people: 12.5°, −90°. */
export function shown(degrees: number): string {
  const text = Math.abs(degrees).toLocaleString("en-GB", { maximumFractionDigits: 1 });
  return `${degrees < 0 ? "−" : ""}${text}°`;
}
