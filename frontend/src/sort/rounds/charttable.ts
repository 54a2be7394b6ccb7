import "./figures.css";

import { el } from "../../ui/dom";
import { type Chart, hasInterval, type Point, type Series } from "./charts";
import { texts } from "./texts";

/** Make the table behind a chart: a row a place on the axis, a column a line. */
export function chartTable({ title, x, y, series }: Chart): HTMLElement {
  const places = [...new Set(series.flatMap(({ points }) => points.map((point) => point.x)))];
  places.sort((a, b) => a - b);
  const cell = (one: Series, place: number): string => {
    const found = one.points.find((point) => point.x === place);
    return found ? valueText(found, y.format) : "–";
  };
  const head = el("tr", {}, th(x.label, "col"), ...series.map(({ name }) => th(name, "col")));
  const rows = places.map((place) =>
    el(
      "tr",
      {},
      th(x.format(place), "row"),
      ...series.map((one) => el("td", {}, cell(one, place))),
    ),
  );
  const table = el(
    "table",
    { class: "figures" },
    el("caption", {}, title),
    el("thead", {}, head),
    el("tbody", {}, ...rows),
  );
  return el(
    "details",
    { class: "chart-numbers" },
    el("summary", {}, texts.asTable),
    el("div", { class: "figures-room" }, table),
  );
}

/** A value and, where it has one, its interval. */
export function valueText(value: Omit<Point, "x">, format: (value: number) => string): string {
  if (!hasInterval(value)) return format(value.y);
  return `${format(value.y)} (${format(value.low)}–${format(value.high)})`;
}

function th(text: string, scope: "col" | "row"): HTMLElement {
  return el("th", { scope }, text);
}
