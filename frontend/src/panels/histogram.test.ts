import { beforeEach, describe, expect, test, vi } from "vitest";

import type { Span } from "../query";
import { speak } from "../ui/language";
import { Histogram } from "./histogram";

const YEARS = { column: "year", label: "Year", minimum: 1900, maximum: 1999, bin_width: 1 };

describe("a window over years", () => {
  let told: [Span | null, boolean][];
  let histogram: Histogram;
  const grip = (which: "from" | "to"): HTMLElement => {
    const found = histogram.element.querySelector<HTMLElement>(`.grip-${which}`);
    if (!found) throw new Error("no grip");
    return found;
  };
  const press = (which: "from" | "to", key: string, shiftKey = false): void => {
    grip(which).dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey }));
  };

  beforeEach(() => {
    vi.useFakeTimers();
    told = [];
    histogram = new Histogram(YEARS, (span, settled) => told.push([span, settled]));
  });

  test("keys move its ends by a year, with Shift by ten, and it settles once", () => {
    press("from", "ArrowRight");
    press("from", "ArrowRight", true);
    press("to", "ArrowLeft");
    vi.runAllTimers();
    expect(told.at(-1)).toEqual([[1911, 1998], true]);
    expect(told.filter(([, settled]) => settled)).toHaveLength(1);
    expect(grip("from").getAttribute("aria-valuenow")).toBe("1911");
  });

  test("its ends do not pass each other, nor the years there are", () => {
    press("to", "Home");
    expect(told.at(-1)?.[0]).toEqual([1900, 1900]);
    press("from", "End");
    expect(told.at(-1)?.[0]).toEqual([1900, 1900]);
    press("to", "PageUp");
    expect(told.at(-1)?.[0]).toEqual([1900, 1910]);
  });

  test("over all years it asks for none", () => {
    press("from", "ArrowRight");
    press("from", "Home");
    expect(told.at(-1)?.[0]).toBeNull();
  });

  test("what bars cannot tell stands below them", async () => {
    const note = (approximate: number, without: number): string =>
      new Histogram({ ...YEARS, approximate }, () => undefined, without).element.querySelector(
        ".bars-without",
      )?.textContent ?? "";
    expect(note(3, 1)).toBe("3 images with an approximate date · 1 image without a value");
    expect(note(0, 0)).toBe("");
    await speak("de");
    expect(note(1, 0)).toBe("1 Bild mit ungefährer Angabe");
    await speak("en");
  });

  test("bars are as high as their share of the most", () => {
    const counts = Uint32Array.of(1, 0);
    histogram.fill({ min: 1900, max: 1999, binWidth: 50, counts, all: Uint32Array.of(2, 4) });
    const parts = [...histogram.element.querySelectorAll<HTMLElement>(".bar-part")];
    expect(parts.map((part) => part.style.height)).toEqual(["25%", "0%"]);
    expect(parts.map((part) => part.hidden)).toEqual([false, true]);
  });
});
