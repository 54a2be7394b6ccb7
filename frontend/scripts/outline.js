/**
 * The outline of the land as a path of SVG, from Natural Earth (public domain, 1:110m).
 *
 * Run `npm run outline` to write src/ui/outline.ts. One unit is one degree: x is the longitude, y
 * the latitude downwards. Points closer to the line than TOLERANCE are left out, and islands of
 * less than LEAST square degrees.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";

const LAND = join(import.meta.dirname, "..", "node_modules", "world-atlas", "land-110m.json");
const FILE = join(import.meta.dirname, "..", "src", "ui", "outline.ts");
const TOLERANCE = 0.55;
const LEAST = 3;

/** Return the module that holds the outline. */
export function outlineModule() {
  const topology = JSON.parse(readFileSync(LAND, "utf8"));
  const path = rings(topology)
    .map(unbroken)
    .filter((ring) => area(ring) > LEAST)
    .map((ring) => drawn(simplified(ring)))
    .join("");
  return (
    "// Made by scripts/outline.js from Natural Earth's land, 1:110m (public domain). Do not edit.\n\n" +
    "/** The land of the world as a path: longitude to the right, latitude upwards is less. */\n" +
    `export const OUTLINE =\n  "${path}";\n`
  );
}

/** The outer and inner rings of the land, in degrees. */
function rings(topology) {
  const { scale, translate } = topology.transform;
  const arcs = topology.arcs.map((arc) => {
    let [x, y] = [0, 0];
    return arc.map(([dx, dy]) => {
      [x, y] = [x + dx, y + dy];
      return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
    });
  });
  const line = (number) => (number < 0 ? [...arcs[~number]].reverse() : arcs[number]);
  const polygons = topology.objects.land.geometries.flatMap(({ type, arcs: parts }) =>
    type === "Polygon" ? [parts] : parts,
  );
  return polygons.flat().map((ring) => ring.flatMap(line));
}

/**
 * A ring without jumps from one edge of the map to the other: what crosses the antimeridian goes on
 * beyond it: draw the outline also a world to the left and to the right. Around a pole the ring is
 * closed there.
 */
function unbroken(ring) {
  let turn = 0;
  const points = ring.map(([x, y], i) => {
    const jump = i ? x - ring[i - 1][0] : 0;
    if (Math.abs(jump) > 180) turn -= 360 * Math.sign(jump);
    return [x + turn, y];
  });
  if (turn) points.push([points.at(-1)[0], -90], [points[0][0], -90]);
  return points;
}

function area(ring) {
  let sum = 0;
  for (let i = 0; i < ring.length; i++) {
    const [a, b] = [ring[i], ring[(i + 1) % ring.length]];
    sum += a[0] * b[1] - b[0] * a[1];
  }
  return Math.abs(sum / 2);
}

/** Douglas and Peucker, with a stack. */
function simplified(ring) {
  const keep = new Set([0, ring.length - 1]);
  const parts = [[0, ring.length - 1]];
  for (let part = parts.pop(); part; part = parts.pop()) {
    const [first, last] = part;
    let [worst, at] = [TOLERANCE, 0];
    for (let i = first + 1; i < last; i++) {
      const off = distance(ring[i], ring[first], ring[last]);
      if (off > worst) [worst, at] = [off, i];
    }
    if (!at) continue;
    keep.add(at);
    parts.push([first, at], [at, last]);
  }
  return ring.filter((_, i) => keep.has(i));
}

function distance([x, y], [ax, ay], [bx, by]) {
  const length = Math.hypot(bx - ax, by - ay);
  if (length === 0) return Math.hypot(x - ax, y - ay);
  return Math.abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length;
}

/** A closed ring in steps of a tenth of a degree, relative after the first point. */
function drawn(ring) {
  const tenths = ring.map(([x, y]) => [Math.round(x * 10), Math.round(-y * 10)]);
  let [x, y] = tenths[0];
  let path = `M${x / 10} ${y / 10}l`;
  const steps = tenths.slice(1).map(([nx, ny]) => {
    const step = `${(nx - x) / 10} ${(ny - y) / 10}`;
    [x, y] = [nx, ny];
    return step;
  });
  path += steps
    .join(" ")
    .replaceAll(" -", "-")
    .replace(/(^|[ -])0\./g, "$1.");
  return `${path}z`;
}

if (argv[1] === import.meta.filename) writeFileSync(FILE, outlineModule());
