import { describe, expect, test } from "vitest";

import type { Trouble } from "../data/errors";
import { texts } from "./texts";

describe("messages", () => {
  const troubles: Trouble[] = [
    { kind: "network", file: "points.bin" },
    { kind: "missing", file: "points.bin" },
    { kind: "refused", file: "points.bin", status: 503 },
    { kind: "broken", file: "points.bin", what: "it ends too early" },
    { kind: "no-ranges", file: "points.bin", megabytes: 2048 },
    { kind: "elsewhere", file: "points.bin" },
  ];

  test.each(troubles)("$kind names the file and says what to do", (trouble) => {
    const { title, hint } = texts.trouble(trouble);
    expect(title).toContain("points.bin");
    expect(hint.length).toBeGreaterThan(20);
  });

  test("a higher format is told with both numbers", () => {
    const { title } = texts.trouble({ kind: "newer", found: 7, known: 1 });
    expect(title).toBe("This atlas is of format 7; this page reads up to 1.");
  });

  test("absent blocks are told once, as a visitor knows them", () => {
    const what = ["points.x", "points.y", "ids"];
    expect(texts.trouble({ kind: "absent", what }).title).toBe(
      "The atlas comes without positions and the list of ids.",
    );
  });
});
