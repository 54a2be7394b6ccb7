// @vitest-environment node
import { describe, expect, test } from "vitest";

import type { Part } from "./ranges";
import { Together } from "./together";

const KILOBYTE = 2 ** 10;
const FILE = Uint8Array.from({ length: 400 * KILOBYTE }, (_, i) => (i * 31) % 251);

/** A file that notes what is asked of it, and may refuse, or answer late. */
function asked(
  refuses: (offset: number, length: number) => boolean = () => false,
  held: Promise<void> = Promise.resolve(),
) {
  const reads: [number, number][] = [];
  const signals: (AbortSignal | undefined)[] = [];
  const part = async (offset: number, length: number, signal?: AbortSignal): Promise<Part> => {
    reads.push([offset, length]);
    signals.push(signal);
    await held;
    if (refuses(offset, length)) throw new Error("refused");
    return { bytes: FILE.slice(offset, offset + length), etag: '"1"' };
  };
  return { reads, signals, file: new Together({ part }) };
}

describe("reads at the same time", () => {
  test("that lie side by side are one request, and each gets its own bytes", async () => {
    const { reads, file } = asked();
    const wishes = [
      [3_000, 700],
      [1_000, 2_000],
      [3_900, 100],
    ] as [number, number][];
    const parts = await Promise.all(wishes.map(([from, length]) => file.part(from, length)));
    expect(reads).toEqual([[1_000, 3_000]]);
    for (const [i, [offset, length]] of wishes.entries()) {
      expect(parts[i]?.bytes).toEqual(FILE.slice(offset, offset + length));
      expect(parts[i]?.bytes.buffer.byteLength).toBe(length);
      expect(parts[i]?.etag).toBe('"1"');
    }
  });

  test("that lie apart, or are large together, are several requests", async () => {
    const { reads, file } = asked();
    const far = [0, 50 * KILOBYTE].map((offset) => file.part(offset, 100));
    const large = [100, 150, 200].map((at) => file.part(at * KILOBYTE, 50 * KILOBYTE));
    await Promise.all([...far, ...large]);
    expect(reads).toEqual([
      [0, 100],
      [50 * KILOBYTE, 100],
      ...[100, 150, 200].map((at) => [at * KILOBYTE, 50 * KILOBYTE]),
    ]);
  });

  test("that want the same bytes share them", async () => {
    const { reads, file } = asked();
    const [one, other] = await Promise.all([file.part(10, 20), file.part(10, 20)]);
    expect(reads).toEqual([[10, 20]]);
    expect(one.bytes).toEqual(other.bytes);
    expect(one.bytes.buffer).not.toBe(other.bytes.buffer);
  });
});

test("a read after others is a request of its own", async () => {
  const { reads, file } = asked();
  await file.part(0, 10);
  await file.part(10, 10);
  expect(reads.length).toBe(2);
});

test("where a request of several is refused, each is asked for alone", async () => {
  const { reads, file } = asked((_, length) => length > 100 || length === 7);
  const wishes = [file.part(0, 100), file.part(100, 7), file.part(107, 50)];
  const found = await Promise.allSettled(wishes);
  expect(found.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(reads.length).toBe(4);
});

test("where the file ends too early, what is whole is given and the rest asked for", async () => {
  const { reads, file } = asked();
  const end = FILE.length;
  const [whole, torn] = await Promise.all([file.part(end - 100, 90), file.part(end - 10, 50)]);
  expect(whole.bytes.length).toBe(90);
  expect(torn.bytes.length).toBe(10);
  expect(reads).toEqual([
    [end - 100, 140],
    [end - 10, 50],
  ]);
});

test("who goes on his way ends his read, and the request when he was the last", async () => {
  const { reads, signals, file } = asked(() => false, new Promise(() => undefined));
  const [one, other, early] = [0, 1, 2].map(() => new AbortController());
  early?.abort(new Error("gone"));
  const waiting = [
    file.part(0, 10, one?.signal),
    file.part(10, 10, other?.signal),
    file.part(20, 10, early?.signal),
  ];
  const found = Promise.allSettled(waiting);
  await new Promise((resolve) => setTimeout(resolve));
  expect(reads).toEqual([[0, 20]]);
  one?.abort(new Error("gone"));
  expect(signals[0]?.aborted).toBe(false);
  other?.abort(new Error("gone"));
  expect(signals[0]?.aborted).toBe(true);
  expect((await found).map(({ status }) => status)).toEqual(Array(3).fill("rejected"));
});
