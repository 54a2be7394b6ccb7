import { describe, expect, test, vi } from "vitest";

import { readAtlas } from "../data/open";
import type { Card } from "../schema";
import { aCard, anAtlas } from "../testing/atlas";
import { cardBody, cardHeading, type CardPage } from "./card";

const PAGE: CardPage = {
  atlas: readAtlas(
    anAtlas({
      dictionaries: [
        { column: "genus", label: "Genus", path: "", n: 9 },
        { column: "scientificName", label: "Name", path: "", n: 9 },
        { column: "recordedBy", label: "Collector", path: "", n: 9, several: true },
      ],
    }),
  ),
  addressOf: (path) => `http://localhost/atlas/${path}`,
  ask: vi.fn(),
  steps: () => null,
  others: () => null,
  extras: [],
};
const body = (card: Card): HTMLElement => cardBody(card, 0, PAGE);
const links = (element: HTMLElement): HTMLAnchorElement[] => [...element.querySelectorAll("a")];

const FULL = aCard({
  title: "Idea leuconoe",
  author: "(Erichson, 1834)",
  classification: [
    { rank: "order", name: "Lepidoptera" },
    { rank: "genus", name: "Idea", column: "genus" },
    {
      rank: "species",
      name: "Idea leuconoe",
      column: "scientificName",
      value: "Idea leuconoe (Erichson, 1834)",
    },
  ],
  place: "Luzon, Philippines",
  latitude: -14.5,
  longitude: 121.25,
  date: "3 February 1979",
  facts: [{ term: "recordedBy", label: "Collector", value: "A. Semper" }],
  picture: { path: "pictures/id/idea.jpg", width: 800, height: 600 },
  credit: {
    licence: "CC BY 4.0",
    licence_url: "https://creativecommons.org/licenses/by/4.0/",
    rights_holder: "A Museum",
    creator: "B. Photographer",
  },
  link: "https://www.example.org/records/1",
});

describe("a card", () => {
  test("sets the name in italics, the author not", () => {
    const heading = cardHeading(FULL);
    expect(heading.textContent).toBe("Idea leuconoe (Erichson, 1834)");
    expect(heading.querySelector("i")?.textContent).toBe("Idea leuconoe");
  });

  test("tells ranks, place, date, facts and credit, each with its label", () => {
    const lines = [...body(FULL).querySelectorAll(".line")].map((line) => [
      line.querySelector("dt")?.textContent,
      line.querySelector("dd")?.textContent,
    ]);
    expect(lines).toEqual([
      ["Order", "Lepidoptera"],
      ["Genus", "Idea"],
      ["Species", "Idea leuconoe"],
      ["Collector", "A. Semper"],
      ["Place", "Luzon, Philippines"],
      ["Coordinates", "14.5° S, 121.25° E"],
      ["Date", "3 February 1979"],
      ["Licence", "CC BY 4.0"],
      ["Rights holder", "A Museum"],
      ["Creator", "B. Photographer"],
    ]);
  });

  test("links to the licence and to the source's record, without handing the page over", () => {
    const outward = links(body(FULL)).filter(({ target }) => target === "_blank");
    const hrefs = outward.map(({ href }) => href);
    expect(hrefs).toContain("https://creativecommons.org/licenses/by/4.0/");
    expect(hrefs).toContain("https://www.example.org/records/1");
    expect(outward.every(({ rel }) => rel.includes("noopener"))).toBe(true);
    expect(outward.at(-1)?.textContent).toBe("See the record at example.org");
  });

  test("shows the picture with its shape", () => {
    const image = body(FULL).querySelector("img");
    expect(image?.src).toBe("http://localhost/atlas/pictures/id/idea.jpg");
    expect([image?.getAttribute("width"), image?.getAttribute("height")]).toEqual(["800", "600"]);
    expect(image?.alt).toContain("Idea leuconoe");
  });

  test("leaves empty fields and empty sections out", () => {
    const empty = body(aCard({ id: "", facts: [{ term: "sex", label: "Sex", value: "" }] }));
    expect(empty.querySelectorAll("section, figure, dt, a")).toHaveLength(0);
    expect(cardHeading(aCard()).textContent).toBe("Untitled");
  });

  test("a place without coordinates of 0 is told apart from none", () => {
    const equator = body(aCard({ latitude: 0, longitude: 10 }));
    expect(equator.textContent).toContain("0° N, 10° E");
    expect(body(aCard({ id: "", latitude: 0 })).textContent).toBe("");
  });

  test("a picture that cannot be shown is told in words", () => {
    const element = body(FULL);
    element.querySelector("img")?.dispatchEvent(new Event("error"));
    expect(element.querySelector("figure")?.textContent).toBe("The picture could not be loaded.");
    const addressOf = (): string => {
      throw new Error("elsewhere");
    };
    const refused = cardBody(FULL, 0, { ...PAGE, addressOf });
    expect(refused.querySelector("figure img")).toBeNull();
  });

  test("shows the specimen upright, and its photograph when asked", () => {
    const card = aCard({
      ...FULL,
      upright: { path: "pictures/id/idea.webp", width: 90, height: 120 },
    });
    const figure = body(card).querySelector("figure");
    const shown = (): string | undefined => figure?.querySelector("img")?.src.split("/").at(-1);
    const buttons = (): HTMLButtonElement[] => [...(figure?.querySelectorAll("button") ?? [])];
    expect(shown()).toBe("idea.webp");
    expect(buttons().map((one) => one.getAttribute("aria-pressed"))).toEqual(["true", "false"]);
    buttons()[1]?.click();
    expect(shown()).toBe("idea.jpg");
    expect(buttons().map((one) => one.getAttribute("aria-pressed"))).toEqual(["false", "true"]);
    expect(body(FULL).querySelectorAll("figure button")).toHaveLength(0);
  });

  test("asks for a taxon, or a person of several, by what the column holds", () => {
    const card = aCard({
      ...FULL,
      facts: [{ term: "recordedBy", label: "Collector", value: "A. B. | C. D." }],
    });
    const asking = [...body(card).querySelectorAll<HTMLButtonElement>("button.asking")];
    for (const one of asking) one.click();
    expect(vi.mocked(PAGE.ask).mock.calls).toEqual([
      ["genus", "Idea"],
      ["scientificName", "Idea leuconoe (Erichson, 1834)"],
      ["recordedBy", "A. B."],
      ["recordedBy", "C. D."],
    ]);
  });

  test("has room for further sections", () => {
    const tools = document.createElement("section");
    const extras = [() => null, (card: Card, row: number) => (card.id && row === 7 ? tools : null)];
    expect(cardBody(FULL, 7, { ...PAGE, extras }).lastElementChild).toBe(tools);
  });
});

describe("hostile texts on a card", () => {
  const ATTACKS = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    '"><svg onload=alert(1)>',
    "&lt;b&gt;bold&lt;/b&gt;",
    "</dd></dl><h1>",
  ];

  /** A card whose every text is the same one. */
  const filled = (text: string): Card =>
    aCard({
      title: text,
      author: text,
      classification: [{ rank: text, name: text }],
      place: text,
      common: text,
      citation: text,
      date: text,
      facts: [{ term: text, label: text, value: text }],
      picture: { path: text, width: 1, height: 1 },
      upright: { path: text, width: 1, height: 1 },
      credit: { licence: text, licence_url: text, rights_holder: text, creator: text },
      link: text,
    });

  test.each(ATTACKS)("%s is shown as it is written", (text) => {
    const card = filled(text);
    const element = body(card);
    const heading = cardHeading(card);
    expect(heading.textContent).toBe(`${text} ${text} ${text}`);
    expect(element.querySelector(".cite-text")?.textContent).toContain(text);
    for (const cell of element.querySelectorAll("dd")) expect(cell.textContent).toBe(text);
    const all = [...heading.querySelectorAll("*"), ...element.querySelectorAll("*")];
    const known = ["I", "SPAN", "FIGURE", "IMG", "SECTION", "DL", "DIV", "DT", "DD"];
    known.push("P", "H3", "BUTTON", "A");
    expect(all.filter(({ tagName }) => !known.includes(tagName))).toEqual([]);
    expect(all.some((one) => one.getAttributeNames().some((name) => name.startsWith("on")))).toBe(
      false,
    );
  });

  test.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "//example.org/x",
    "/relative",
  ])("%j is never the target of a link", (address) => {
    const card = { ...filled(address), id: "", picture: null, upright: null };
    expect(links(body(card))).toEqual([]);
  });
});
