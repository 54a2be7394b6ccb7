import { describe, expect, test } from "vitest";

import { type Chart, lineChart } from "./charts";

const CHART: Chart = {
  title: "Accuracy",
  description: "Accuracy over the rounds.",
  x: { label: "Round", format: String, whole: true },
  y: { label: "", format: (value) => value.toFixed(2) },
  series: [
    {
      name: "ensemble",
      role: "main",
      points: [
        { x: 1, y: 0.8, low: 0.7, high: 0.9 },
        { x: 2, y: 0.9, low: 0.85, high: 0.95 },
        { x: 3, y: 0.95, low: 0.93, high: 0.97 },
      ],
    },
    {
      name: "random",
      role: "random",
      points: [
        { x: 1, y: 0.8 },
        { x: 3, y: 0.85 },
      ],
    },
  ],
};

const numbers = (text: string | null): number[] => (text ?? "").split(/[ ,]/).map(Number);

describe("a chart", () => {
  const figure = lineChart(CHART);

  test("is named and described for those who do not see it", () => {
    const svg = figure.querySelector("svg");
    const ids = svg?.getAttribute("aria-labelledby")?.split(" ") ?? [];
    const told = ids.map((id) => svg?.querySelector(`#${id}`)?.textContent);
    expect(told).toEqual(["Accuracy", "Accuracy over the rounds."]);
  });

  test("draws what is higher higher, and what is later further to the right", () => {
    const line = figure.querySelector(".of-main .chart-line");
    const places = numbers(line?.getAttribute("points") ?? "");
    const [x, y] = [places.filter((_, i) => i % 2 === 0), places.filter((_, i) => i % 2 === 1)];
    expect(x).toEqual([...x].sort((a, b) => a - b));
    expect(y).toEqual([...y].sort((a, b) => b - a));
    expect(x[1]).toBeCloseTo(((x[0] ?? 0) + (x[2] ?? 0)) / 2, 1);
  });

  test("its band holds the line", () => {
    const band = numbers(figure.querySelector(".chart-band")?.getAttribute("points") ?? "");
    const line = numbers(
      figure.querySelector(".of-main .chart-line")?.getAttribute("points") ?? "",
    );
    for (const place of [0, 1, 2]) {
      const [upper = 0, lower = 0] = [band[2 * place + 1], band[2 * (5 - place) + 1]];
      expect(upper).toBeLessThan(line[2 * place + 1] ?? 0);
      expect(lower).toBeGreaterThan(line[2 * place + 1] ?? 0);
    }
  });

  test("the table behind it holds every number, and says where there is none", () => {
    const rows = [...figure.querySelectorAll("tbody tr")].map((row) =>
      [...row.children].map((cell) => cell.textContent),
    );
    expect(rows).toEqual([
      ["1", "0.80 (0.70–0.90)", "0.80"],
      ["2", "0.90 (0.85–0.95)", "–"],
      ["3", "0.95 (0.93–0.97)", "0.85"],
    ]);
  });

  test("no two lines have the same mark", () => {
    const marks = [...figure.querySelectorAll(".chart-legend .chart-dot")];
    expect(new Set(marks.map(({ tagName }) => tagName)).size).toBe(2);
  });
});

test("without values a chart says so in words", () => {
  const figure = lineChart({ ...CHART, series: [{ name: "a", role: "main", points: [] }] });
  expect(figure.querySelector("svg")).toBeNull();
  expect(figure.textContent).toContain("Accuracy over the rounds.");
});

test("a single round is seen: a mark with its interval", () => {
  const [first] = CHART.series;
  const one = first?.points.slice(0, 1) ?? [];
  const figure = lineChart({ ...CHART, series: [{ name: "a", role: "main", points: one }] });
  expect(figure.querySelectorAll(".chart-dot")).toHaveLength(1);
  const whisker = figure.querySelector(".chart-whisker");
  expect(Number(whisker?.getAttribute("y1"))).toBeGreaterThan(Number(whisker?.getAttribute("y2")));
});
