import { expect, it } from "vitest";

import { issue, medium, NOTHING } from "./testing";
import { KEYS, texts } from "./texts";

it("says what the machine thinks of a medium", () => {
  const id = "0".repeat(20);
  expect(texts.state(medium(id, { confidence: 0.899, reason: "unsure" }), "cutout")).toBe(
    "89 % sure · unsure",
  );
  const untouched = medium(id, { confidence: null, made_by: "" });
  expect(texts.state(untouched, "cutout")).toBe("not cut out yet");
  expect(texts.state(untouched, "upright")).toBe("not turned yet");
});

it("says what a person stated, by tool", () => {
  const judgement = {
    ...NOTHING,
    verdict: "accepted",
    mask: "ab",
    angle_deg: -12.5,
    who: "A. Curator",
    when: "2025-03-04T10:00:00Z",
  } as const;
  const judged = medium("0".repeat(20), { judgement });
  expect(texts.judged(judged, "cutout")).toBe("mask drawn, accepted by A. Curator, 2025-03-04");
  expect(texts.judged(judged, "upright")).toBe("turned by −12.5° by A. Curator, 2025-03-04");
  expect(texts.judged(medium("0".repeat(20)), "cutout")).toBe("");
});

it("says what a label is suspected to be, and what was said of it", () => {
  const suspected = medium("0".repeat(20), { issue: issue(), confidence: 0.03 });
  expect(texts.state(suspected, "labels")).toBe("Vanessa atalanta → Aglais io?");
  const said = { ...NOTHING, label: "renamed", name: "Aglais urticae", who: "A. Curator" } as const;
  expect(texts.judged(medium("0".repeat(20), { judgement: said }), "labels")).toBe(
    "renamed to Aglais urticae by A. Curator",
  );
  expect(texts.judged(medium("0".repeat(20)), "labels")).toBe("");
});

it("counts statements and says what to do then", () => {
  expect(texts.made(1)).toContain("1 statement was made");
  expect(texts.made(12)).toContain("‘wk run’");
});

it("lists keys for every tool", () => {
  for (const keys of Object.values(KEYS)) expect(keys.length).toBeGreaterThan(5);
});
