import { expect, test } from "vitest";

import { plotsOf } from "./plots";
import type { Round } from "../schema";

function round(number: number, change: Partial<Round> = {}): Round {
  return {
    number,
    when: "2026-01-01T00:00:00Z",
    who: "Ada",
    seconds: 1,
    n_media: 100,
    n_labelled: 20 * number,
    n_random: 10 * number,
    classes: [],
    figures: [],
    changed: null,
    members_changed: [],
    kappa: null,
    mean_entropy: 0.5 / number,
    n_disagreeing: 40 - number,
    ...change,
  };
}

const accuracy = {
  name: "accuracy",
  held_out: { value: 0.8, low: 0.7, high: 0.9 },
  audited: null,
  members: [0.7, null, 0.75],
  random: 0.72,
};
const FIRST = round(1, { figures: [accuracy] });
const SECOND = round(2, {
  figures: [
    { ...accuracy, audited: { value: 0.9, low: 0.6, high: 1 } },
    {
      name: "auc",
      held_out: { value: 0.95, low: null, high: null },
      audited: null,
      members: [],
      random: null,
    },
  ],
  changed: 12,
  members_changed: [20, 18, 25],
  kappa: 0.7,
});

test("each figure has a plot of its own, and random stands beside the ensemble", () => {
  const plots = plotsOf([FIRST, SECOND], "round");
  expect(plots.map(({ title }) => title).slice(0, 2)).toEqual(["Accuracy", "AUC"]);
  const [first] = plots;
  const lines = new Map(first?.series.map(({ role, points }) => [role, points]));
  expect(lines.get("main")).toEqual([
    { x: 1, y: 0.8, low: 0.7, high: 0.9 },
    { x: 2, y: 0.8, low: 0.7, high: 0.9 },
  ]);
  expect(lines.get("random")?.map(({ y }) => y)).toEqual([0.72, 0.72]);
  expect(lines.get("other")).toEqual([{ x: 2, y: 0.9, low: 0.6, high: 1 }]);
});

test("what a member lacks is left out, not drawn as nothing", () => {
  const [first] = plotsOf([FIRST], "round");
  const members = first?.series.filter(({ role }) => role === "member") ?? [];
  expect(members.map(({ points }) => points.map(({ y }) => y))).toEqual([[0.7], [], [0.75]]);
});

test("changes of mind begin with the second round, of the ensemble and of each member", () => {
  const changes = plotsOf([FIRST, SECOND], "round").find(({ title }) => title === "Change of mind");
  const all = changes?.series.map(({ role, points }) => [
    role,
    ...points.map(({ x, y }) => [x, y]),
  ]);
  expect(all).toEqual([
    ["main", [2, 12]],
    ["member", [2, 20]],
    ["member", [2, 18]],
    ["member", [2, 25]],
  ]);
  const alone = plotsOf([FIRST], "round").find(({ title }) => title === "Change of mind");
  expect(alone?.description).toContain("second round");
});

test("over labels the same values stand elsewhere", () => {
  const entropy = plotsOf([FIRST, SECOND], "labels").find(({ title }) => title.includes("entropy"));
  expect(entropy?.series[0]?.points).toEqual([
    { x: 20, y: 0.5 },
    { x: 40, y: 0.25 },
  ]);
  expect(entropy?.x.label).toBe("Labels");
});
