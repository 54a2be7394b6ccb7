import { afterEach, beforeEach, expect, test } from "vitest";

import { readAtlas } from "../data/open";
import { anAtlas } from "../testing/atlas";
import { Appearance } from "./appearance";

const root = document.documentElement;
const colour = (name: string): string => root.style.getPropertyValue(`--${name}`);

beforeEach(() => {
  window.localStorage.clear();
});

afterEach(() => {
  root.removeAttribute("style");
});

const OWN = readAtlas(
  anAtlas({
    appearance: {
      theme: "light",
      light: { accent: "#00527a", paper: "#ffffff" },
      dark: { accent: "#7cc4ea" },
    },
  }),
);

test("the page is in the theme and the colours of the collection", () => {
  const appearance = new Appearance(OWN);
  expect(root.dataset["theme"]).toBe("light");
  expect([colour("accent"), colour("paper")]).toEqual(["#00527a", "#ffffff"]);
  appearance.choose("dark");
  expect(root.dataset["theme"]).toBe("dark");
  expect([colour("accent"), colour("paper"), colour("paper-clear")]).toEqual(["#7cc4ea", "", ""]);
});

test("what the visitor chose is remembered, and comes before the collection's", () => {
  new Appearance(OWN).choose("dark");
  expect(new Appearance(OWN).theme).toBe("dark");
});

test("an atlas that says nothing follows the device", () => {
  expect(new Appearance(readAtlas(anAtlas())).theme).toBe("auto");
  expect(root.getAttribute("style") ?? "").toBe("");
});

test("what is no colour is not put into the style", () => {
  const light = { accent: "url(https://example.org)", "paper;x": "#ffffff", ink: "red" };
  new Appearance(readAtlas(anAtlas({ appearance: { theme: "light", light } })));
  expect([colour("accent"), colour("ink")]).toEqual(["", ""]);
});
