import "./charts.css";

import { el } from "../../ui/dom";
import { chartTable } from "./charttable";
import { type Range, type Scale, rangeOf, roundedRange, scale, ticks } from "./chartscale";

/** One measured value; `low` and `high` are the ends of its interval, where it has one. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly low?: number | null;
  readonly high?: number | null;
}

/** What a line stands for; each has its colour, its dashes and its marks. */
export type Role = "main" | "other" | "member" | "random" | "third";

export interface Series {
  readonly name: string;
  readonly role: Role;
  readonly points: readonly Point[];
}

/** What is measured along an edge of the chart. */
export interface Axis {
  readonly label: string;
  readonly format: (value: number) => string;
  /** Ends that are kept whatever the values are. */
  readonly low?: number;
  readonly high?: number;
  /** True if there is nothing between whole numbers. */
  readonly whole?: boolean;
}

export interface Chart {
  readonly title: string;
  /** What the chart shows, for those who do not see it. */
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** A point to look at, with its words. */
  readonly marker?: { readonly x: number; readonly y: number; readonly text: string } | null;
}

/** True if a value has an interval. */
export function hasInterval<P extends Omit<Point, "x">>(
  point: P,
): point is P & { readonly low: number; readonly high: number } {
  return typeof point.low === "number" && typeof point.high === "number";
}

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT] = [360, 196];
const EDGE = { left: 46, top: 10, right: 12, bottom: 34 };
const TICKS = { x: 5, y: 4 };

let made = 0;

/** Draw lines over an axis, their intervals as bands, and the same numbers as a table. */
export function lineChart(chart: Chart): HTMLElement {
  const series = chart.series.filter(({ points }) => points.length > 0);
  const figure = el("figure", { class: "chart" });
  const reading = el("span", { class: "chart-reading" });
  figure.append(el("figcaption", {}, el("span", { class: "chart-title" }, chart.title), reading));
  if (!series.length) {
    figure.append(el("p", { class: "chart-none" }, chart.description));
    return figure;
  }
  const plot = drawing(chart, series);
  followPointer(plot, chart, series, reading);
  figure.append(plot.svg, legend(series), chartTable({ ...chart, series }));
  return figure;
}

interface Plot {
  readonly svg: SVGSVGElement;
  readonly x: Scale;
  readonly y: Scale;
  readonly guide: SVGElement;
}

function drawing(chart: Chart, series: readonly Series[]): Plot {
  const id = `chart-${++made}`;
  const svg = document.createElementNS(SVG, "svg");
  const labels = { role: "img", "aria-labelledby": `${id}-title ${id}-text` };
  set(svg, { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart-plot", ...labels });
  const [title, text] = [
    shape("title", { id: `${id}-title` }),
    shape("desc", { id: `${id}-text` }),
  ];
  title.textContent = chart.title;
  text.textContent = chart.description;
  const across = rangeAlong(chart.x, series, ({ x }) => [x], TICKS.x);
  const up = rangeAlong(chart.y, series, ({ y, low, high }) => [y, low, high], TICKS.y);
  const x = scale(chart.x.whole ? across.tight : across.round, EDGE.left, WIDTH - EDGE.right);
  const y = scale(up.round, HEIGHT - EDGE.bottom, EDGE.top);
  const guide = shape("line", { class: "chart-guide", y1: EDGE.top, y2: HEIGHT - EDGE.bottom });
  guide.setAttribute("visibility", "hidden");
  svg.append(
    title,
    text,
    ...gridlines(chart, chart.x.whole ? across.tight : across.round, up.round, x, y),
    guide,
    bands(id, series, x, y),
    ...inOrder(series).map((one) => line(one, x, y)),
    ...markerOf(chart, x, y),
  );
  return { svg, x, y, guide };
}

/** Return lines in the order they are drawn: members at the bottom, what counts most on top. */
function inOrder(series: readonly Series[]): readonly Series[] {
  const rank = ({ role }: Series): number => (role === "member" ? 0 : role === "main" ? 2 : 1);
  return [...series].sort((a, b) => rank(a) - rank(b));
}

/** The values along an axis, and the same with round ends. */
function rangeAlong(
  { low, high, whole }: Axis,
  series: readonly Series[],
  values: (point: Point) => (number | null | undefined)[],
  wanted: number,
): { tight: Range; round: Range } {
  const all = series.flatMap(({ points }) => points.flatMap(values));
  const found = rangeOf([...all, low, high]) ?? { low: 0, high: 1 };
  const round = roundedRange(found, wanted, whole);
  return { tight: found, round: { low: low ?? round.low, high: high ?? round.high } };
}

function gridlines(chart: Chart, across: Range, up: Range, x: Scale, y: Scale): SVGElement[] {
  const [bottom, right] = [HEIGHT - EDGE.bottom, WIDTH - EDGE.right];
  const rows = ticks(up, TICKS.y, chart.y.whole).flatMap((value) => [
    shape("line", { class: "chart-grid", x1: EDGE.left, x2: right, y1: y(value), y2: y(value) }),
    label(chart.y.format(value), EDGE.left - 6, y(value) + 3.5, "end"),
  ]);
  const columns = ticks(across, TICKS.x, chart.x.whole).flatMap((value) => [
    shape("line", { class: "chart-tick", x1: x(value), x2: x(value), y1: bottom, y2: bottom + 4 }),
    label(chart.x.format(value), x(value), bottom + 15, "middle"),
  ]);
  const name = label(chart.x.label, right, HEIGHT - 4, "end");
  return [...rows, ...columns, name];
}

/** Draw the intervals, as far as they lie within the axes. */
function bands(id: string, series: readonly Series[], x: Scale, y: Scale): SVGElement {
  const [width, height] = [WIDTH - EDGE.left - EDGE.right, HEIGHT - EDGE.top - EDGE.bottom];
  const clip = shape("clipPath", { id: `${id}-area` });
  clip.append(shape("rect", { x: EDGE.left, y: EDGE.top, width, height }));
  const group = shape("g", { "clip-path": `url(#${id}-area)` });
  group.append(clip, ...series.map((one) => band(one, x, y)));
  return group;
}

function band({ role, points }: Series, x: Scale, y: Scale): SVGElement {
  const known = points.filter(hasInterval);
  const upper = known.map((point) => `${x(point.x)},${y(point.high)}`);
  const lower = known.map((point) => `${x(point.x)},${y(point.low)}`).reverse();
  if (known.length === 1) {
    const [at] = known;
    const place = at ? x(at.x) : 0;
    const ends = { x1: place, x2: place, y1: y(at?.low ?? 0), y2: y(at?.high ?? 0) };
    return shape("line", { class: `chart-whisker of-${role}`, ...ends });
  }
  return shape("polygon", {
    class: `chart-band of-${role}`,
    points: [...upper, ...lower].join(" "),
  });
}

function line({ role, points }: Series, x: Scale, y: Scale): SVGElement {
  const group = shape("g", { class: `chart-series of-${role}` });
  const at = points.map((point) => [x(point.x), y(point.y)] as const);
  const path = at.map(([left, top]) => `${left.toFixed(2)},${top.toFixed(2)}`).join(" ");
  group.append(shape("polyline", { class: "chart-line", points: path }));
  const few = points.length <= 40 && role !== "member";
  if (few || points.length === 1) for (const [left, top] of at) group.append(dot(role, left, top));
  return group;
}

/** The mark of a value: each role has a form of its own, so that colour is not needed. */
function dot(role: Role, x: number, y: number): SVGElement {
  const r = role === "main" ? 3 : 2.6;
  if (role === "random")
    return shape("rect", { class: "chart-dot", x: x - r, y: y - r, width: 2 * r, height: 2 * r });
  if (role === "other" || role === "third") {
    const turn = role === "other" ? 1 : -1;
    const points = `${x},${y - 1.4 * r * turn} ${x + 1.3 * r},${y + r * turn} ${x - 1.3 * r},${y + r * turn}`;
    return shape("polygon", { class: "chart-dot", points });
  }
  return shape("circle", { class: "chart-dot", cx: x, cy: y, r });
}

function markerOf({ marker }: Chart, x: Scale, y: Scale): SVGElement[] {
  if (!marker) return [];
  const [left, top] = [x(marker.x), y(marker.y)];
  const anchor = left > WIDTH / 2 ? "end" : "start";
  const below = top < HEIGHT / 2;
  const at = { x: left + (anchor === "end" ? -8 : 8), y: top + (below ? 20 : -12) };
  const said = label(marker.text, at.x, at.y, anchor);
  said.setAttribute("class", "chart-marker-text");
  const ends = { x1: left, x2: left, y1: EDGE.top, y2: HEIGHT - EDGE.bottom };
  return [
    shape("line", { class: "chart-marker-line", ...ends }),
    shape("circle", { class: "chart-marker", cx: left, cy: top, r: 5.5 }),
    said,
  ];
}

/** Name the lines, each beside a piece of it; members of one role share a piece. */
function legend(series: readonly Series[]): HTMLElement {
  const list = el("ul", { class: "chart-legend" });
  if (series.length < 2) return list;
  const members = series.filter(({ role }) => role === "member");
  const named = series.filter((one) => one.role !== "member" || one === members[0]);
  for (const { name, role } of named) {
    const swatch = document.createElementNS(SVG, "svg");
    set(swatch, { viewBox: "0 0 26 10", class: "chart-swatch", "aria-hidden": "true" });
    const piece = line({ name, role, points: [] }, Number, Number);
    piece.firstElementChild?.setAttribute("points", "1,5 25,5");
    if (role !== "member") piece.append(dot(role, 13, 5));
    swatch.append(piece);
    const text = role === "member" && members.length > 1 ? `${members.length} members` : name;
    list.append(el("li", {}, swatch, text));
  }
  return list;
}

/** While a pointer is over the plot, say what was measured there. */
function followPointer(
  { svg, x, guide }: Plot,
  chart: Chart,
  series: readonly Series[],
  reading: HTMLElement,
): void {
  const places = [...new Set(series.flatMap(({ points }) => points.map((point) => point.x)))];
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const at = ((event.clientX - box.left) / box.width) * WIDTH;
    const nearest = places.reduce((a, b) => (Math.abs(x(b) - at) < Math.abs(x(a) - at) ? b : a));
    set(guide, { x1: x(nearest), x2: x(nearest), visibility: "visible" });
    reading.textContent = readingAt(chart, series, nearest);
  });
  svg.addEventListener("pointerleave", () => {
    guide.setAttribute("visibility", "hidden");
    reading.textContent = "";
  });
}

function readingAt(chart: Chart, series: readonly Series[], x: number): string {
  const told = series
    .filter(({ role }) => role !== "member")
    .flatMap(({ name, points }) => {
      const found = points.find((point) => point.x === x);
      if (!found) return [];
      const value = chart.y.format(found.y);
      return [series.length > 1 ? `${name} ${value}` : value];
    });
  return [`${chart.x.label} ${chart.x.format(x)}`, ...told].join(" · ");
}

function label(text: string, x: number, y: number, anchor: string): SVGElement {
  const made = shape("text", { class: "chart-label", x, y, "text-anchor": anchor });
  made.textContent = text;
  return made;
}

function shape(tag: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(SVG, tag);
  set(made, attributes);
  return made;
}

function set(element: Element, attributes: Record<string, string | number>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}
