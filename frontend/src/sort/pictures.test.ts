import { expect, it } from "vitest";

import { Pictures } from "./pictures";
import { idOf, medium } from "./testing";

const media = Array.from({ length: 40 }, (_, i) => medium(idOf(i)));

function shelf() {
  const loaded: string[] = [];
  const failing = new Set<string>();
  const pictures = new Pictures(
    ({ id }) => id,
    async (id) => {
      loaded.push(id);
      await Promise.resolve();
      if (failing.delete(id)) throw new Error("broken");
      return new Image();
    },
  );
  return { pictures, loaded, failing };
}

it("has the next pictures decoded before they are wanted, each fetched once", async () => {
  const { pictures, loaded } = shelf();
  pictures.ahead(media.slice(0, 9));
  expect(pictures.at(idOf(1))).toBeNull();
  await Promise.all(media.slice(0, 9).map((one) => pictures.get(one)));
  for (let i = 0; i < 9; i++) expect(pictures.at(idOf(i))).not.toBeNull();
  pictures.ahead(media.slice(1, 10));
  expect(loaded).toHaveLength(10);
});

it("keeps a bounded number, the last ones among them", async () => {
  const { pictures } = shelf();
  for (let i = 0; i < 30; i++) {
    pictures.ahead(media.slice(i, i + 9));
    await Promise.all(media.slice(i, i + 9).map((one) => pictures.get(one)));
  }
  const kept = media.filter(({ id }) => pictures.at(id) !== null);
  expect(kept.length).toBeLessThanOrEqual(16);
  expect(pictures.at(idOf(27))).not.toBeNull();
});

it("tries a picture again that could not be had", async () => {
  const { pictures, failing } = shelf();
  failing.add(idOf(3));
  const one = medium(idOf(3));
  await expect(pictures.get(one)).rejects.toThrow("broken");
  await expect(pictures.get(one)).resolves.toBeInstanceOf(Image);
});
