import { describe, expect, test } from "vitest";

import { formatPlace, parsePlace, type Place } from "./place";

const CARD = "db3d448e228f599435d6";

describe("an address", () => {
  test.each<[string, Place]>([
    [
      "#v=3.25,1234,567&card=db3d448e228f599435d6",
      { view: { zoom: 3.25, x: 1234, y: 567 }, card: CARD },
    ],
    ["#v=0,-5,0", { view: { zoom: 0, x: -5, y: 0 }, card: null }],
    ["#card=db3d448e228f599435d6", { view: null, card: CARD }],
    ["#", { view: null, card: null }],
  ])("%s is read and written alike", (address, place) => {
    expect(parsePlace(address)).toEqual(place);
    expect(formatPlace(place)).toBe(address);
  });

  test("is written with as many digits as matter", () => {
    const view = { zoom: 2.500001, x: 10.4, y: 10.6 };
    expect(formatPlace({ view, card: null })).toBe("#v=2.5,10,11");
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
  ])("%j says nothing that is used", (address) => {
    expect(parsePlace(address)).toEqual({ view: null, card: null });
  });

  test("any text is kept apart from the rest of the address", () => {
    const card = 'a&v=1,2,3#"<b>';
    expect(parsePlace(formatPlace({ view: null, card })).card).toBe(card);
    expect(parsePlace(formatPlace({ view: null, card })).view).toBeNull();
  });

  test("a name of any length is cut", () => {
    expect(parsePlace(`#card=${"x".repeat(5000)}`).card).toHaveLength(64);
  });
});
