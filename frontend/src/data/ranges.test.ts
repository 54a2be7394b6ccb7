// @vitest-environment node
import { afterEach, describe, expect, test } from "vitest";

import { type Host, startHost } from "../testing/host";
import { PagedFile, RangeFile } from "./ranges";

const CONTENT = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
const fetch = globalThis.fetch;

let host: Host | null = null;
afterEach(() => host?.close());

async function open(options: Parameters<typeof startHost>[1] = {}): Promise<[Host, RangeFile]> {
  host = await startHost({ "a.bin": CONTENT }, options);
  return [host, new RangeFile(`${host.url}a.bin`, fetch)];
}

describe("RangeFile", () => {
  test("asks for the bytes wanted and no more", async () => {
    const [served, file] = await open();
    expect(await file.read(100, 20)).toEqual(CONTENT.slice(100, 120));
    expect(served.asked).toEqual(["a.bin bytes=100-119"]);
  });

  test("a server that sends the whole file is asked once", async () => {
    const [served, file] = await open({ ranges: false });
    const parts = await Promise.all([file.read(0, 5), file.read(900, 50), file.read(300, 1)]);
    expect(parts).toEqual([CONTENT.slice(0, 5), CONTENT.slice(900, 950), CONTENT.slice(300, 301)]);
    expect(served.asked).toHaveLength(1);
  });

  test("of a host that knows ranges no read waits for another", async () => {
    const files = { "a.bin": CONTENT, "b.bin": CONTENT };
    host = await startHost(files);
    const known = { ranged: false };
    await new RangeFile(`${host.url}a.bin`, fetch, known).read(0, 1);
    let running = 0;
    let most = 0;
    const counted: typeof fetch = async (...given) => {
      most = Math.max(most, ++running);
      return fetch(...given).finally(() => running--);
    };
    const file = new RangeFile(`${host.url}b.bin`, counted, known);
    const parts = await Promise.all([file.read(0, 5), file.read(900, 50)]);
    expect(parts).toEqual([CONTENT.slice(0, 5), CONTENT.slice(900, 950)]);
    expect(most).toBe(2);
  });

  test("what is small is read past the browser's cache once the host is known", async () => {
    host = await startHost({ "a.bin": new Uint8Array(2 ** 20) });
    const modes: unknown[] = [];
    const file = new RangeFile(`${host.url}a.bin`, (url, init) => {
      modes.push(init?.cache);
      return fetch(url, init);
    });
    for (const length of [10, 10, 2 ** 20]) await file.read(0, length);
    expect(modes).toEqual(["default", "no-store", "default"]);
  });

  test("at the end of the file there are fewer bytes", async () => {
    const [, file] = await open();
    expect(await file.read(990, 100)).toEqual(CONTENT.slice(990));
  });

  test("a read after a failed one works", async () => {
    const [, file] = await open({ failures: 1 });
    const results = await Promise.allSettled([file.read(0, 4), file.read(4, 4)]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    expect(await file.read(8, 4)).toEqual(CONTENT.slice(8, 12));
  });

  test("a read that is ended while its bytes arrive is no network error", async () => {
    host = await startHost({ "a.bin": CONTENT });
    const ending = new AbortController();
    let reads = 0;
    const file = new RangeFile(`${host.url}a.bin`, async (url, init) => {
      const response = await fetch(url, init);
      if (reads++ === 0) return response;
      ending.abort();
      const cut = new ReadableStream({
        start(controller) {
          controller.error(ending.signal.reason);
        },
      });
      return new Response(cut, { status: 206 });
    });
    await file.read(0, 4);
    await expect(file.part(4, 4, ending.signal)).rejects.toMatchObject({ name: "AbortError" });
  });

  test("names the file and the status that was answered", async () => {
    const [, file] = await open({ failures: 1 });
    await expect(file.read(0, 4)).rejects.toMatchObject({
      trouble: { kind: "refused", file: "a.bin", status: 503 },
    });
  });

  test("a file that is not there is missing", async () => {
    const [served] = await open();
    const absent = new RangeFile(`${served.url}b.bin`, fetch);
    await expect(absent.read(0, 4)).rejects.toMatchObject({
      trouble: { kind: "missing", file: "b.bin" },
    });
  });

  test("a host that is not there is a matter of the network", async () => {
    const [served, file] = await open();
    await served.close();
    await expect(file.read(0, 4)).rejects.toMatchObject({
      trouble: { kind: "network", file: "a.bin" },
    });
  });

  test("a huge file that comes whole is refused before it is read", async () => {
    const headers = { "content-length": String(2 ** 30) };
    const file = new RangeFile("http://127.0.0.1/huge.pmtiles", () =>
      Promise.resolve(new Response("start", { headers })),
    );
    await expect(file.read(0, 4)).rejects.toMatchObject({
      trouble: { kind: "no-ranges", file: "huge.pmtiles", megabytes: 1024 },
    });
  });
});

describe("PagedFile", () => {
  test("keeps pages and asks for missing neighbours in one request", async () => {
    const [served, file] = await open();
    const paged = new PagedFile(file, CONTENT.length, "a.bin", 100);
    expect(await paged.read(250, 10)).toEqual(CONTENT.slice(250, 260));
    expect(await paged.read(210, 80)).toEqual(CONTENT.slice(210, 290));
    expect(await paged.read(50, 500)).toEqual(CONTENT.slice(50, 550));
    expect(served.asked).toEqual([
      "a.bin bytes=200-299",
      "a.bin bytes=0-199",
      "a.bin bytes=300-599",
    ]);
  });

  test("does not ask beyond the end", async () => {
    const [served, file] = await open();
    const paged = new PagedFile(file, CONTENT.length, "a.bin", 300);
    expect(await paged.read(950, 50)).toEqual(CONTENT.slice(950));
    expect(served.asked).toEqual(["a.bin bytes=900-999"]);
  });

  test("a page that failed is asked for again", async () => {
    const [, file] = await open({ failures: 1 });
    const paged = new PagedFile(file, CONTENT.length, "a.bin", 100);
    await expect(paged.read(0, 300)).rejects.toThrow();
    expect(await paged.read(0, 300)).toEqual(CONTENT.slice(0, 300));
  });
});
