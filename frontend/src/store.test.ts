import { describe, expect, test } from "vitest";

import { Store } from "./store";

describe("Store", () => {
  test("tells only who watches the part that changed", () => {
    const store = new Store();
    const seen: unknown[] = [];
    store.watch(
      (state) => state.about,
      (about) => seen.push(about),
    );
    store.set({ selection: { status: "loading", id: "a" } });
    store.set({ about: true });
    store.set({ about: true });
    expect(seen).toEqual([false, true]);
  });

  test("shows a notice once until it is dismissed", () => {
    const store = new Store();
    store.notice({ kind: "missing", file: "a" });
    store.notice({ kind: "missing", file: "a" });
    store.notice({ kind: "missing", file: "b" });
    const [first] = store.state.notices;
    expect(store.state.notices).toHaveLength(2);
    if (first) store.dismiss(first);
    expect(store.state.notices).toEqual([{ kind: "missing", file: "b" }]);
  });
});
