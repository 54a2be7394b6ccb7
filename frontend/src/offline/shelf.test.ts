// @vitest-environment node
import { describe, expect, test } from "vitest";

import { Shelf } from "./shelf";

/** As much of a browser's cache as is used here, in memory; `room` is what a disk has. */
class MemoryCache {
  readonly held = new Map<string, Blob>();
  room = Infinity;

  keys(): Promise<Request[]> {
    return Promise.resolve([...this.held.keys()].map((url) => new Request(url)));
  }

  async put(key: string, answer: Response): Promise<void> {
    const body = await answer.blob();
    if (body.size > this.room) throw new DOMException("no room", "QuotaExceededError");
    this.room -= body.size;
    this.held.set(key, body);
  }

  match(key: string): Promise<Response | undefined> {
    const body = this.held.get(key);
    return Promise.resolve(body && new Response(body));
  }

  delete(key: string): Promise<boolean> {
    this.room += this.held.get(key)?.size ?? 0;
    return Promise.resolve(this.held.delete(key));
  }
}

const FILE = "https://example.org/atlas/tiles.pmtiles";

const asked = (first: number, end: number): Request =>
  new Request(FILE, { headers: { range: `bytes=${first}-${end - 1}` } });

async function opened(budget: number): Promise<{
  cache: MemoryCache;
  shelf: Shelf;
  keep: (first: number, end: number) => Promise<string>;
  has: (first: number, end: number) => Promise<string | null>;
}> {
  const cache = new MemoryCache();
  const shelf = await Shelf.open(cache as unknown as Cache, budget);
  const text = (first: number, end: number): string =>
    Array.from({ length: end - first }, (_, i) => String((first + i) % 10)).join("");
  return {
    cache,
    shelf,
    keep: async (first, end) =>
      (await shelf.keep(asked(first, end), new Response(text(first, end), { status: 206 }))).text(),
    has: async (first, end) => (await shelf.find(asked(first, end)))?.text() ?? null,
  };
}

describe("what is kept of an atlas", () => {
  test("stays within its budget: what was not asked for the longest goes first", async () => {
    const { cache, shelf, keep, has } = await opened(25);
    for (const first of [0, 10]) await keep(first, first + 10);
    expect(await has(2, 5)).toBe("234");
    await keep(20, 30);
    expect(shelf.total).toBe(20);
    expect(await has(10, 20)).toBeNull();
    expect(await has(0, 10)).toBe("0123456789");
    expect(await has(20, 30)).toBe("0123456789");
    expect(cache.held.size).toBe(2);
  });

  test("is not more where a disk is full, and what is asked for is answered", async () => {
    const { cache, shelf, keep, has } = await opened(1000);
    cache.room = 15;
    await keep(0, 10);
    expect(await keep(10, 20)).toBe("0123456789");
    expect(await has(10, 20)).toBeNull();
    expect(await has(0, 10)).toBe("0123456789");
    expect(shelf.total).toBe(10);
  });

  test("is found again by who opens it later", async () => {
    const { cache, keep } = await opened(1000);
    await keep(5, 10);
    const again = await Shelf.open(cache as unknown as Cache, 1000);
    expect(again.total).toBe(5);
    expect(await (await again.find(asked(6, 8)))?.text()).toBe("67");
  });
});
