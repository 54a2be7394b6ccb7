// @vitest-environment node
import { expect, test } from "vitest";

import { openWritten, WRITTEN } from "../testing/written";
import { AlikeTable } from "./alike";

test.each(WRITTEN.alike)("finds for a vector what Python finds", async (one) => {
  const { source, host } = await openWritten();
  const { photograph } = source.atlas;
  if (!photograph) throw new Error("the atlas has none");
  const found = await new AlikeTable(source, photograph.alike).nearest(
    Float32Array.from(one.features),
    6,
  );
  expect(found.map(({ row }) => row)).toEqual(one.rows);
  for (const [i, { similarity }] of found.entries())
    expect(similarity).toBeCloseTo(one.similar[i] ?? 0, 3);
  await host.close();
});
