import { describe, expect, test, vi } from "vitest";

import { readAtlas } from "../data/open";
import { Store } from "../store";
import { anAtlas } from "../testing/atlas";
import { aboutDialog, type AboutPage } from "./about";

describe("the about dialog", () => {
  const atlas = readAtlas(
    anAtlas({
      title: "Moths <b>",
      description: "First part.\n\nSecond part.",
      n_media: 1234,
      publisher: "A Museum <i>",
      website: "https://example.org/",
      disclaimer: "Names are as they came.",
      citation: "A Museum (2026). Moths.",
      appearance: { logo: "logo.svg" },
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
  const page: AboutPage = {
    address: (path) => `http://localhost/${path}`,
    appearance: { theme: "auto", choose: vi.fn() },
    speak: vi.fn(),
  };
  const dialog = aboutDialog(atlas, new Store(), page);

  test("tells what the atlas is and how many images it has", () => {
    expect(dialog.querySelector("h2")?.textContent).toBe("Moths <b>");
    expect([...dialog.querySelectorAll(".about-text")].map((one) => one.textContent)).toEqual([
      "First part.",
      "Second part.",
      "Names are as they came.",
    ]);
    expect(dialog.querySelector(".about-count")?.textContent).toBe("1,234 images");
  });

  test("tells the mix of licences, those that state none too", () => {
    const lines = [...dialog.querySelectorAll(".shares li")].map((line) => line.textContent);
    expect(lines).toEqual(["CC BY 4.01,000", "no licence stated234"]);
  });

  test("tells each step with its settings and its measured figures", () => {
    const values = (list: string): (string | null)[] =>
      [...dialog.querySelectorAll(`.${list} div`)].map((line) => line.textContent);
    expect(values("figures")).toEqual(["n overlaps0"]);
    expect(dialog.querySelector(".step-told")?.textContent).toContain("96% trustworthiness");
    expect(values("settings")).toEqual(["methodname tsne, perplexity 30", "seeds1, 2"]);
  });

  test("tells from whom it is, and how to cite it", () => {
    const publisher = dialog.querySelector(".about-publisher");
    expect(publisher?.textContent).toBe("Published by A Museum <i>");
    expect(publisher?.querySelector("a")?.href).toBe("https://example.org/");
    expect(dialog.querySelector(".cite-text")?.textContent).toBe("A Museum (2026). Moths.");
  });

  test("shows the logo as an image and nothing else", () => {
    const logos = [...dialog.querySelectorAll("[src], object, iframe, svg use")];
    expect(logos.map(({ tagName }) => tagName)).toEqual(["IMG"]);
  });

  test("asks for a language and a theme", () => {
    const [language, theme] = dialog.querySelectorAll("select");
    if (language) language.value = "de";
    language?.dispatchEvent(new Event("change"));
    expect(page.speak).toHaveBeenCalledWith("de");
    if (theme) theme.value = "dark";
    theme?.dispatchEvent(new Event("change"));
    expect(page.appearance.choose).toHaveBeenCalledWith("dark");
  });

  test("opens and closes with the state of the page", () => {
    const store = new Store();
    const shown = aboutDialog(atlas, store, page);
    document.body.append(shown);
    store.set({ about: true });
    expect(shown.open).toBe(true);
    shown.querySelector("button")?.click();
    expect(shown.open).toBe(false);
    expect(store.state.about).toBe(false);
  });
});
