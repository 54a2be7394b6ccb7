// @vitest-environment node
import { describe, expect, test } from "vitest";

import { xml } from "./xml";
import { ZipEntry, zipOf } from "./zip";

describe("an archive", () => {
  test("has the remainder that others compute", () => {
    expect(new ZipEntry("a").add("123456").add("789").crc.toString(16)).toBe("cbf43926");
  });

  test("holds its files as they are, each where the list at the end says", async () => {
    const files = { "ä.txt": "größer\n", "empty.txt": "", "b.txt": "x".repeat(1000) };
    const entries = Object.entries(files).map(([name, text]) => new ZipEntry(name).add(text));
    const bytes = await zipOf(entries, new Date(2026, 10, 22, 13, 45, 50)).arrayBuffer();
    const view = new DataView(bytes);
    const end = bytes.byteLength - 22;
    expect(view.getUint32(end, true)).toBe(0x06054b50);
    let line = view.getUint32(end + 16, true);
    const found: Record<string, string> = {};
    for (let i = 0; i < view.getUint16(end + 10, true); i++) {
      const [size, length] = [view.getUint32(line + 24, true), view.getUint16(line + 28, true)];
      const at = view.getUint32(line + 42, true);
      expect(view.getUint32(at, true)).toBe(0x04034b50);
      const text = (from: number, n: number): string =>
        new TextDecoder().decode(new Uint8Array(bytes, from, n));
      found[text(line + 46, length)] = text(at + 30 + length, size);
      expect(view.getUint16(at + 12, true)).toBe(((2026 - 1980) << 9) | (11 << 5) | 22);
      line += 46 + length;
    }
    expect(found).toEqual(files);
  });
});

describe("XML", () => {
  test("holds texts as texts", () => {
    const made = xml("a", { b: '"&<' }, "<i>\u0001</i>", xml("c", {}));
    expect(made.text).toBe('<a b="&quot;&amp;&lt;">&lt;i&gt;&lt;/i&gt;<c></c></a>');
  });
});
