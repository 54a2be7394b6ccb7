import { expect, test } from "vitest";

import { aCard } from "../testing/atlas";
import { citationOf, permalink } from "./citation";

const CARD = aCard({
  id: "00ff",
  title: "Idea leuconoe",
  author: "Erichson, 1834",
  facts: [
    { term: "catalogNumber", label: "Catalogue number", value: "12" },
    { term: "institutionCode", label: "Institution", value: "XM" },
  ],
  credit: { licence: "CC BY 4.0", licence_url: "", rights_holder: "A Museum", creator: "B. Ph." },
});

test("a citation names the specimen, the image's makers and licence, and where it is", () => {
  expect(citationOf(CARD, "Moths", "https://a.org/#card=00ff")).toBe(
    "Idea leuconoe Erichson, 1834. XM 12. Image: B. Ph., A Museum, CC BY 4.0. Moths. https://a.org/#card=00ff",
  );
});

test("what the source wants comes first; what is unknown is left out", () => {
  const own = aCard({ ...CARD, citation: "A Museum (2020) Record 12." });
  expect(citationOf(own, "", "x:")).toBe(
    "A Museum (2020) Record 12. Image: B. Ph., A Museum, CC BY 4.0. x:",
  );
  expect(citationOf(aCard(), "", "x:")).toBe("Untitled. x:");
});

test("a maker who also holds the rights is named once", () => {
  const credit = { licence: "", licence_url: "", rights_holder: "A", creator: "A" };
  expect(citationOf(aCard({ title: "T", credit }), "", "x:")).toBe("T. Image: A. x:");
});

test("the link leads to the card and keeps the language", () => {
  expect(permalink("00ff", "https://a.org/b/?lang=de#v=1,2,3&card=11&colour=x")).toBe(
    "https://a.org/b/?lang=de#card=00ff",
  );
});
