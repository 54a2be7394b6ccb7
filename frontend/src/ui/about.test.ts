import { describe, expect, test } from "vitest";

import { readAtlas } from "../data/open";
import { Store } from "../store";
import { anAtlas } from "../testing/atlas";
import { aboutDialog } from "./about";

describe("the about dialog", () => {
  const atlas = readAtlas(
    anAtlas({
      title: "Moths <b>",
      description: "First part.\n\nSecond part.",
      n_media: 1234,
      licences: [
        { licence: "CC BY 4.0", n: 1000 },
        { licence: "", n: 234 },
      ],
      steps: [
        {
          stage: "embedding",
          version: "1",
          settings: { method: { name: "tsne", perplexity: 30 }, seeds: [1, 2] },
          quality: { trustworthiness: 0.96412, n_overlaps: 0 },
        },
      ],
      generator: "Wunderkammer 0.1.0",
    }),
  );
  const dialog = aboutDialog(atlas, new Store());

  test("tells what the atlas is and how many images it has", () => {
    expect(dialog.querySelector("h2")?.textContent).toBe("Moths <b>");
    expect(dialog.querySelectorAll(".about-text")).toHaveLength(2);
    expect(dialog.querySelector(".about-count")?.textContent).toBe("1,234 images");
  });

  test("tells the mix of licences, those that state none too", () => {
    const lines = [...dialog.querySelectorAll(".shares li")].map((line) => line.textContent);
    expect(lines).toEqual(["CC BY 4.01,000", "no licence stated234"]);
  });

  test("tells each step with its settings and its measured figures", () => {
    const values = (list: string): (string | null)[] =>
      [...dialog.querySelectorAll(`.${list} div`)].map((line) => line.textContent);
    expect(values("figures")).toEqual(["trustworthiness0.964", "n overlaps0"]);
    expect(values("settings")).toEqual(["methodname tsne, perplexity 30", "seeds1, 2"]);
  });

  test("opens and closes with the state of the page", () => {
    const store = new Store();
    const shown = aboutDialog(atlas, store);
    document.body.append(shown);
    store.set({ about: true });
    expect(shown.open).toBe(true);
    shown.querySelector("button")?.click();
    expect(shown.open).toBe(false);
    expect(store.state.about).toBe(false);
  });
});
