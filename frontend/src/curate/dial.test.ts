import { expect, it } from "vitest";

import { Dial } from "./dial";

it("tells a screen reader how far it is turned", () => {
  const dial = new Dial(() => undefined);
  expect(dial.element.getAttribute("role")).toBe("slider");
  dial.set(-450);
  expect(dial.degrees).toBe(-90);
  expect(dial.element.getAttribute("aria-valuenow")).toBe("-90");
  expect(dial.element.getAttribute("aria-valuetext")).toBe("90 degrees clockwise");
  dial.set(12.5);
  expect(dial.element.getAttribute("aria-valuetext")).toBe("12.5 degrees anticlockwise");
});
