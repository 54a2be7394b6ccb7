import "./worldmap.css";

import { el } from "./dom";
import { OUTLINE } from "./outline";
import { texts } from "./texts";

const SVG = "http://www.w3.org/2000/svg";

/** Degrees that are shown, north and south: the ice only where the place is in it. */
const NORTH = 84;
const SOUTH = 58;
const POLE = 90;

/** Make a small map of the world with a mark; `place` says in words where it is. */
export function worldMap(latitude: number, longitude: number, place: string): HTMLElement {
  const bottom = latitude < -SOUTH + 4 ? POLE : SOUTH;
  const top = latitude > NORTH - 4 ? POLE : NORTH;
  const svg = shape("svg", {
    class: "world",
    viewBox: `-180 ${-top} 360 ${top + bottom}`,
    role: "img",
    "aria-label": texts.card.worldMap(place),
  });
  svg.append(
    shape("path", { class: "world-lines", d: `M-180 0h360M0 ${-top}v${top + bottom}` }),
    // what crosses the antimeridian is seen at both edges
    ...[-360, 0, 360].map((by) =>
      shape("path", { class: "world-land", d: OUTLINE, transform: `translate(${by})` }),
    ),
    shape("circle", { class: "world-halo", cx: longitude, cy: -latitude, r: 9 }),
    shape("circle", { class: "world-mark", cx: longitude, cy: -latitude, r: 4 }),
  );
  return el("div", { class: "world-map" }, svg);
}

function shape(tag: string, attributes: Record<string, string | number>): Element {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}
