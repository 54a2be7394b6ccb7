import { expect, test, vi } from "vitest";

import { ThresholdSliders } from "./queuesliders";

function moved(input: HTMLInputElement | undefined, value: number): void {
  if (!input) throw new Error("there is no such slider");
  input.value = String(value);
  input.dispatchEvent(new Event("input"));
}

test("further to the right more media are unsure, and counts are asked for once it rests", () => {
  vi.useFakeTimers();
  const asked: number[] = [];
  const sliders = new ThresholdSliders(() => asked.push(sliders.thresholds.quantile));
  const [unsure] = sliders.element.querySelectorAll("input");
  expect(sliders.thresholds).toEqual({ quantile: 0.9, confidence: 0.9 });
  for (const value of [0.65, 0.7, 0.79]) moved(unsure, value);
  expect(sliders.element.textContent).toContain("30 %");
  expect(asked).toEqual([]);
  vi.runAllTimers();
  expect(asked).toEqual([0.7]);
  moved(unsure, Number(unsure?.max));
  expect(sliders.thresholds.quantile).toBe(0.5);
  vi.useRealTimers();
});

test("what the quantile means in nats is said; before the first round there is nothing to move", () => {
  const sliders = new ThresholdSliders(() => undefined);
  const told = { quantile: 0.9, confidence: 0.9, max_entropy: Math.LN2, queues: [] };
  sliders.show({ ...told, entropy: 0.43 });
  expect(sliders.element.textContent).toContain("Entropy above 0.43 of at most 0.69 nats");
  expect(sliders.element.classList.contains("idle")).toBe(false);
  sliders.show({ ...told, entropy: null });
  expect(sliders.element.classList.contains("idle")).toBe(true);
});
