import { expect, it } from "vitest";

import { likely } from "./labels";
import { issue } from "./testing";

it("offers the proposed name first, then those of the neighbours, and never the label", () => {
  const near = ["Aglais urticae", "Vanessa atalanta", "Aglais io", "", "Aglais urticae"].map(
    (label, place) => ({ id: String(place), caption: "", is_part: false, label, similarity: 0.9 }),
  );
  expect(likely(issue(), near).map(({ name }) => name)).toEqual(["Aglais io", "Aglais urticae"]);
});
