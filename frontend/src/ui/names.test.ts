import { describe, expect, test } from "vitest";

import { aCard } from "../testing/atlas";
import { coordinates, isItalicTitle, rankLabel } from "./names";

describe("italics", () => {
  const classification = [
    { rank: "family", name: "Nymphalidae" },
    { rank: "genus", name: "Idea" },
  ];

  test.each([
    ["a species", aCard({ title: "Idea leuconoe", classification }), true],
    ["a genus", aCard({ title: "Idea", classification }), true],
    ["a family", aCard({ title: "Nymphalidae", classification }), false],
    ["a name with its author alone", aCard({ title: "Idea", author: "Fabricius" }), true],
    ["a title in words", aCard({ title: "Halibut hook, carved" }), false],
  ])("%s", (_, card, italic) => {
    expect(isItalicTitle(card)).toBe(italic);
  });
});

describe("rankLabel", () => {
  test.each([
    ["order", "Order"],
    ["specificEpithet", "Species"],
    ["superFamily", "Super family"],
  ])("%s is %s", (rank, label) => {
    expect(rankLabel(rank)).toBe(label);
  });
});

describe("coordinates", () => {
  test.each([
    [-34.06, 150.983891, "34.06° S, 150.9839° E"],
    [51.5, -0.12, "51.5° N, 0.12° W"],
  ])("%d, %d", (latitude, longitude, text) => {
    expect(coordinates(latitude, longitude)).toBe(text);
  });
});
