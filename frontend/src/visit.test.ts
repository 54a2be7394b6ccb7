import { describe, expect, test } from "vitest";

import { AtlasError } from "./data/errors";
import type { Sprite } from "./data/points";
import type { Card } from "./schema";
import { Store } from "./store";
import { aCard } from "./testing/atlas";
import { Visit, type Visited } from "./visit";

const sprite = (row: number): Sprite => ({ row, x: row, y: row, w: 1, h: 1 });

/** A source whose cards come when the test says so. */
class SlowSource implements Visited {
  readonly #waiting = new Map<number, (card: Card | Error) => void>();

  card(row: number): Promise<Card> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(row, (card) => {
        if (card instanceof Error) reject(card);
        else resolve(card);
      });
    });
  }

  async answer(row: number, card: Card | Error): Promise<void> {
    this.#waiting.get(row)?.(card);
    await new Promise((resolve) => setTimeout(resolve));
  }

  rowOf = (id: string): Promise<number> => Promise.resolve(Number(id));
  sprite = (row: number): Promise<Sprite> => Promise.resolve(sprite(row));
}

describe("Visit", () => {
  const start = (): { source: SlowSource; store: Store; visit: Visit } => {
    const source = new SlowSource();
    const store = new Store();
    return { source, store, visit: new Visit(source, store) };
  };

  test("opens the card of a sprite and marks it", async () => {
    const { source, store, visit } = start();
    void visit.openSprite(sprite(1));
    expect(store.state.marked?.row).toBe(1);
    await source.answer(1, aCard({ id: "one" }));
    expect(store.state.selection).toMatchObject({ status: "open", id: "one" });
  });

  test("the last wish counts, whatever comes last", async () => {
    const { source, store, visit } = start();
    void visit.openSprite(sprite(1));
    void visit.openSprite(sprite(2));
    await source.answer(2, aCard({ id: "two" }));
    await source.answer(1, aCard({ id: "one" }));
    expect(store.state.selection?.id).toBe("two");
    expect(store.state.marked?.row).toBe(2);
  });

  test("a card that comes after closing stays closed", async () => {
    const { source, store, visit } = start();
    void visit.openSprite(sprite(1));
    visit.close();
    await source.answer(1, aCard());
    expect(store.state).toMatchObject({ selection: null, marked: null });
  });

  test("a deep link waits with its id, then shows card and place", async () => {
    const { source, store, visit } = start();
    const opened = visit.openId("7");
    expect(store.state.selection).toEqual({ status: "loading", id: "7" });
    await Promise.resolve();
    await source.answer(7, aCard({ id: "7" }));
    expect(await opened).toEqual(sprite(7));
    expect(store.state.selection).toMatchObject({ status: "open", id: "7" });
  });

  test("what failed is told and can be tried again", async () => {
    const { source, store, visit } = start();
    void visit.openSprite(sprite(1));
    const trouble = { kind: "missing", file: "0.json" } as const;
    await source.answer(1, new AtlasError(trouble));
    expect(store.state.selection).toEqual({ status: "failed", id: null, trouble });
    visit.retry();
    await source.answer(1, aCard({ id: "one" }));
    expect(store.state.selection).toMatchObject({ status: "open", id: "one" });
  });
});
