// @vitest-environment node
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { HttpSource } from "../data/http";
import type { Card } from "../schema";
import { aCard } from "../testing/atlas";
import type { Host } from "../testing/host";
import { cells, openWritten } from "../testing/written";
import { exported } from "./export";
import { manifestOf } from "./iiif";
import { MOST_CANVASES } from "./limits";
import { placesOf, type Subject } from "./subject";

let source: HttpSource;
let host: Host;

beforeAll(async () => {
  ({ source, host } = await openWritten());
});
afterAll(() => host.close());

const subject = (more: Partial<Subject> = {}): Subject => ({
  source,
  ...placesOf(Uint32Array.of(0, 1, 2, 299)),
  link: "https://example.org/atlas/#is.genus=Idea",
  now: new Date(2026, 10, 22),
  tell: () => undefined,
  ...more,
});

describe("citations", () => {
  test("say whose each is, and count licences", async () => {
    const { blob, name } = await exported("citations", subject());
    const text = await blob.text();
    expect(name).toBe("moths-4-citations.txt");
    expect(text).toContain("seen on 2026-11-22");
    expect(text).toContain("is.genus=Idea");
    expect(text).toMatch(/- © Kew, CC0 1\.0 \(.*\): 1\n/);
    expect(text.trim().split("The images:\n")[1]?.split("\n")).toHaveLength(4);
  });

  test("stand in the order of the list", async () => {
    const list = Uint32Array.of(299, 1, 0);
    const { blob } = await exported("citations", subject(placesOf(list)));
    const lines = (await blob.text()).trim().split("The images:\n")[1]?.split("\n") ?? [];
    const numbers = [...list].map((row) => cells("catalogNumber")[row] ?? "none");
    expect(lines).toHaveLength(3);
    for (const [i, line] of lines.entries()) expect(line).toContain(numbers[i]);
  });
});

describe("a Darwin Core archive", () => {
  const tables = async (list: number[]): Promise<string[][]> => {
    const { blob } = await exported("dwca", subject(placesOf(Uint32Array.from(list))));
    const text = await blob.text();
    return ["occurrence.txt", "multimedia.txt"].map((name) => {
      // files lie in the archive as they are; meta.xml names each before
      const rest = text.split(name)[2] ?? "";
      const [table = ""] = rest.split("PK\u0003").flatMap((part) => part.split("PK\u0001"));
      const lines = table.split("\n").slice(1, -1);
      return lines.map((line) => line.split("\t")[0] ?? "");
    });
  };

  test("has the order of the list in both of its tables", async () => {
    const [ascending = [], media = []] = await tables([0, 64, 299]);
    expect(ascending).toHaveLength(3);
    expect(media).toEqual(ascending);
    const [first, second, third] = ascending;
    for (const table of await tables([299, 0, 64])) expect(table).toEqual([third, first, second]);
  });
});

describe("a IIIF manifest", () => {
  const card = (row: number): Card =>
    aCard({
      id: String(row).padStart(20, "0"),
      title: "<b>Idea</b>",
      picture: { path: "pictures/00/0.jpg", width: 300, height: 200 },
      credit: {
        licence: "CC BY 4.0",
        licence_url: "https://creativecommons.org/licenses/by/4.0/legalcode",
        rights_holder: "The Trustees",
        creator: "",
      },
    });
  const of = async (more: Partial<Subject> = {}): Promise<Manifest> => {
    const cards = Object.assign(Object.create(source) as HttpSource, {
      atlas: source.atlas,
      address: (path: string) => new URL(path, "https://example.org/atlas/").href,
      card: (row: number) => Promise.resolve(card(row)),
    });
    return JSON.parse(
      await (await manifestOf(subject({ source: cards, ...more }))).text(),
    ) as Manifest;
  };

  test("has a canvas for each with its picture, rights and credit", async () => {
    const manifest = await of();
    expect(manifest["@context"]).toBe("http://iiif.io/api/presentation/3/context.json");
    expect(manifest.items).toHaveLength(4);
    const [canvas] = manifest.items;
    expect(canvas).toMatchObject({ type: "Canvas", width: 300, height: 200 });
    expect(canvas?.rights).toBe("http://creativecommons.org/licenses/by/4.0/");
    expect(JSON.stringify(canvas?.requiredStatement)).toContain("© The Trustees");
    expect(canvas?.items[0]?.items[0]?.body.id).toBe("https://example.org/atlas/pictures/00/0.jpg");
    expect(canvas?.items[0]?.items[0]?.target).toBe(canvas?.id);
  });

  test("is no longer than viewers bear", async () => {
    const rows = Uint32Array.from({ length: MOST_CANVASES + 500 }, (_, row) => row);
    expect((await of({ rows })).items).toHaveLength(MOST_CANVASES);
    const backwards = (await of(placesOf(rows.slice().reverse()))).items;
    expect(backwards).toHaveLength(MOST_CANVASES);
    expect(backwards[0]?.id).toContain(String(MOST_CANVASES + 499).padStart(20, "0"));
    expect(backwards.at(-1)?.id).toContain("500".padStart(20, "0"));
  });
});

interface Manifest {
  "@context": string;
  items: {
    id: string;
    rights?: string;
    requiredStatement: unknown;
    items: { items: { target: string; body: { id: string } }[] }[];
  }[];
}
