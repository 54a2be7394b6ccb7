import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { Navigation } from "./navigation";
import { NOWHERE, type Place } from "./place";
import { EVERYTHING, withSpan } from "./query";

/** A page without a map: it is where it was told to go. */
class Walker {
  place: Place = { ...NOWHERE, view: { zoom: 2, x: 500, y: 500 } };
  readonly navigation = new Navigation(
    {
      place: () => this.place,
      go: (place) => {
        this.place = { ...place, view: place.view ?? this.place.view };
        // a map tells of every move, also of those it was told to make
        this.navigation.moved();
        this.navigation.turned();
      },
      span: () => 1000,
    },
    window,
  );

  move(x: number, zoom = 2): void {
    this.place = { ...this.place, view: { zoom, x, y: 500 } };
    this.navigation.moved();
  }

  open(card: string | null): void {
    this.place = { ...this.place, card };
    this.navigation.turned();
  }
}

describe("Navigation", () => {
  let walker: Walker;
  let steps: number;

  beforeEach(() => {
    vi.useFakeTimers();
    window.history.replaceState(null, "", "#");
    walker = new Walker();
    walker.navigation.go(NOWHERE);
    steps = window.history.length;
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const taken = (): number => window.history.length - steps;

  test("the address is written when the map rests, once", () => {
    walker.move(510);
    walker.move(520);
    expect(window.location.hash).toBe("");
    vi.runAllTimers();
    expect(window.location.hash).toBe("#v=2,520,500");
  });

  test("a small move is no step of the history, a far one and a zoom are", () => {
    walker.move(600);
    vi.runAllTimers();
    expect(taken()).toBe(0);
    walker.move(1200);
    vi.runAllTimers();
    expect(taken()).toBe(1);
    walker.move(1200, 3);
    vi.runAllTimers();
    expect(taken()).toBe(2);
  });

  test("small moves add up to a step", () => {
    for (const x of [700, 900, 1100]) {
      walker.move(x);
      vi.runAllTimers();
    }
    expect(taken()).toBe(1);
  });

  test("a card opened and closed are steps, at once", () => {
    walker.open("abc");
    expect(window.location.hash).toBe("#v=2,500,500&card=abc");
    walker.open(null);
    expect(window.location.hash).toBe("#v=2,500,500");
    expect(taken()).toBe(2);
  });

  test("another query is a step, an opened panel is not", () => {
    walker.place = { ...walker.place, query: withSpan(EVERYTHING, "year", [1900, 1950]) };
    walker.navigation.turned();
    expect(window.location.hash).toBe("#v=2,500,500&in.year=1900,1950");
    expect(taken()).toBe(1);
    walker.place = { ...walker.place, pane: "filters" };
    walker.navigation.adjusted();
    expect(window.location.hash).toBe("#v=2,500,500&in.year=1900,1950&pane=filters");
    expect(taken()).toBe(1);
  });

  test("the page follows the address, and that is no step", () => {
    window.history.replaceState(null, "", "#v=4,10,20&card=abc");
    window.dispatchEvent(new Event("popstate"));
    expect(walker.place).toMatchObject({ view: { zoom: 4, x: 10, y: 20 }, card: "abc" });
    expect(taken()).toBe(0);
  });

  test("a place that was reached late only corrects the address", () => {
    walker.place = { ...NOWHERE, view: { zoom: 5, x: 90, y: 90 }, card: "abc" };
    walker.navigation.adjusted();
    expect(window.location.hash).toBe("#v=5,90,90&card=abc");
    expect(taken()).toBe(0);
  });
});
