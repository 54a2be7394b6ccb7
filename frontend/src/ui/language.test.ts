import { afterEach, describe, expect, test } from "vitest";

import { readAtlas } from "../data/open";
import { anAtlas } from "../testing/atlas";
import { addressIn, chooseLanguage, speak, spoken, translate } from "./language";
import { texts } from "./texts";
import { german } from "./texts.de";

afterEach(() => speak("en"));

describe("the language", () => {
  test.each([
    ["?lang=de", "en", ["fr"], "de"],
    ["?lang=xx", "", ["fr-CH", "de-CH", "en"], "de"],
    ["", "de", ["en"], "de"],
    ["", "", ["fr", "it"], "en"],
    ["", "", ["EN-us"], "en"],
    ["?lang=constructor", "", [], "en"],
  ])("of %j, collection %j, visitor %j is %s", (search, collection, visitor, wanted) => {
    expect(chooseLanguage(search, collection, visitor)).toBe(wanted);
  });

  test("is told to the browser, and all texts are of it", async () => {
    await speak("de");
    expect(document.documentElement.lang).toBe("de");
    expect(spoken()).toBe("de");
    expect(texts.images(12345)).toBe("12.345 Bilder");
    await speak("en");
    expect(texts.images(12345)).toBe("12,345 images");
  });

  test("is in the address, and the rest of it stays", () => {
    expect(addressIn("de", "http://a.org/b/?x=1&lang=en#card=1")).toBe(
      "http://a.org/b/?x=1&lang=de#card=1",
    );
  });

  test("names columns, and takes the collection's own words where they are given", async () => {
    const column = { column: "genus", label: "Genus", path: "", n: 3 };
    const own = { column: "drawer", label: "Drawer", path: "", n: 3 };
    const atlas = readAtlas(
      anAtlas({
        title: "Moths",
        description: "In English.",
        dictionaries: [column, own],
        layouts: ["relax", "years", "kinds"].map((name) => ({
          ...{ name, title: name === "relax" ? "" : `By ${name}`, method: name },
          ...{ marks: null, plane: null },
        })),
        translations: { de: { title: "Nachtfalter", layout_titles: { years: "Nach Jahren" } } },
      }),
    );
    await speak("de");
    translate(atlas);
    expect(atlas.dictionaries.map(({ label }) => label)).toEqual(["Gattung", "Drawer"]);
    expect([atlas.title, atlas.description]).toEqual(["Nachtfalter", "In English."]);
    expect(atlas.layouts?.map(({ title }) => title)).toEqual(["", "Nach Jahren", "By kinds"]);
  });
});

/** Names of columns and ranks are told only where they differ from those of the atlas. */
const OWN_WORDS = ["terms", "ranks"];

describe("both languages", () => {
  const english = { ...texts };

  test("have the same texts", () => {
    expect(keysOf(german)).toEqual(keysOf(english));
  });

  test("put the same things into them", () => {
    const [there, here] = [leavesOf(english), leavesOf(german)];
    for (const [key, text] of there) {
      const other = here.get(key);
      expect(typeof other, key).toBe(typeof text);
      if (typeof text !== "function" || typeof other !== "function") continue;
      expect(other.length, key).toBe(text.length);
      const told = ["31", "47"].slice(0, text.length);
      expect(placed(other(...told)), key).toEqual(placed(text(...told)));
    }
  });
});

type Text = string | ((...told: string[]) => unknown);

function leavesOf(part: object, path = ""): Map<string, Text> {
  const leaves = new Map<string, Text>();
  for (const [name, value] of Object.entries(part) as [string, Text | object][]) {
    if (name === "trouble" || OWN_WORDS.includes(name)) continue;
    if (typeof value === "object")
      for (const [key, leaf] of leavesOf(value, `${path}${name}.`)) leaves.set(key, leaf);
    else leaves.set(`${path}${name}`, value);
  }
  return leaves;
}

function keysOf(part: object): string[] {
  return [...leavesOf(part).keys()].sort();
}

/** Which of the two numbers that were told are in a text. */
function placed(text: unknown): string[] {
  return [...new Set(String(text).replace(/[.,]/g, "").match(/31|47/g))].sort();
}
