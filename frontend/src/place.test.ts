import { describe, expect, test } from "vitest";

import { formatPlace, NOWHERE, parsePlace, type Place } from "./place";
import { EVERYTHING } from "./query";

const CARD = "db3d448e228f599435d6";

describe("an address", () => {
  test.each<[string, Partial<Place>]>([
    [
      "#v=3.25,1234,567&card=db3d448e228f599435d6",
      { view: { zoom: 3.25, x: 1234, y: 567 }, card: CARD },
    ],
    ["#v=0,-5,0", { view: { zoom: 0, x: -5, y: 0 }, card: null }],
    ["#card=db3d448e228f599435d6", { view: null, card: CARD }],
    ["#", {}],
    [
      "#is.genus=Idea&is.genus=Papilio%20%26%20more&is.sex=&in.year=1900,1950&has.locality=river&has=brook",
      {
        query: {
          values: new Map([
            ["genus", ["Idea", "Papilio & more"]],
            ["sex", [""]],
          ]),
          spans: new Map([["year", [1900, 1950]]]),
          words: [
            { field: "locality", word: "river" },
            { field: "", word: "brook" },
          ],
          area: null,
        },
      },
    ],
    [
      "#layout=years&area=0,0,10,0,10,20&drawn=kinds",
      {
        layout: "years",
        query: {
          ...EVERYTHING,
          area: [
            [0, 0],
            [10, 0],
            [10, 20],
          ],
          areaIn: "kinds",
        },
      },
    ],
    [
      "#area=0,0,10,0,10,-20&colour=family&pane=list",
      {
        query: {
          ...EVERYTHING,
          area: [
            [0, 0],
            [10, 0],
            [10, -20],
          ],
        },
        colour: "family",
        pane: "list",
      },
    ],
  ])("%s is read and written alike", (address, place) => {
    expect(parsePlace(address)).toEqual({ ...NOWHERE, ...place });
    expect(formatPlace({ ...NOWHERE, ...place })).toBe(address);
  });

  test("is written with as many digits as matter", () => {
    const view = { zoom: 2.500001, x: 10.4, y: 10.6 };
    expect(formatPlace({ ...NOWHERE, view })).toBe("#v=2.5,10,11");
  });

  test.each([
    "",
    "#v=",
    "#v=1,2",
    "#v=1,2,3,4",
    "#v=a,2,3",
    "#v=1,,3",
    "#v=1,NaN,3",
    "#v=Infinity,1,1",
    "#w=1,2,3",
    "#card=",
    "#is.=Idea",
    "#has.locality=",
    "#in.year=1900",
    "#in.year=1950,1900",
    "#in.year=a,b",
    "#area=1,2,3,4",
    "#pane=kitchen",
    "#colour=",
  ])("%j says nothing that is used", (address) => {
    expect(parsePlace(address)).toEqual(NOWHERE);
  });

  test("any text is kept apart from the rest of the address", () => {
    const card = 'a&v=1,2,3#"<b>';
    expect(parsePlace(formatPlace({ ...NOWHERE, card })).card).toBe(card);
    expect(parsePlace(formatPlace({ ...NOWHERE, card })).view).toBeNull();
  });

  test("a name of any length is cut", () => {
    expect(parsePlace(`#card=${"x".repeat(5000)}`).card).toHaveLength(64);
  });
});
