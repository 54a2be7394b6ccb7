import { mortonCode } from "../data/morton";
import type { Sprite } from "../data/points";
import type { Atlas, Block, Card, Representatives } from "../schema";

/** A card of which only some fields matter to a test. */
export function aCard(fields: Partial<Card> = {}): Card {
  return {
    id: "00000000000000000000",
    title: "",
    author: "",
    classification: [],
    place: "",
    latitude: null,
    longitude: null,
    date: "",
    facts: [],
    picture: null,
    credit: { licence: "", licence_url: "", rights_holder: "", creator: "" },
    link: "",
    ...fields,
  };
}

/** The files of an atlas with given sprites, as the pipeline would write them. */
export interface Built {
  atlas: Atlas;
  files: Record<string, Uint8Array<ArrayBuffer> | string>;
  /** The sprites in the order of the rows. */
  rows: Sprite[];
  ids: string[];
}

const TILE_PX = 256;
const PER_CHUNK = 8;

/** Lay sprites out in the square of a pyramid and write their files; `raised` by zoom. */
export function buildAtlas(
  sprites: readonly Omit<Sprite, "row">[],
  maxZoom: number,
  indexZoom: number,
  raised: Record<number, readonly Sprite[]> = {},
): Built {
  const rows = sprites
    .map((sprite) => ({ ...sprite, code: mortonCode(Math.floor(sprite.x), Math.floor(sprite.y)) }))
    .sort((a, b) => a.code - b.code)
    .map((sprite, row) => ({ ...sprite, row }));
  const { blocks, bytes } = pack({
    index: Uint32Array.from(indexOf(rows, maxZoom, indexZoom)),
    x: Float32Array.from(rows, (s) => s.x),
    y: Float32Array.from(rows, (s) => s.y),
    w: Uint16Array.from(rows, (s) => s.w),
    h: Uint16Array.from(rows, (s) => s.h),
    ...raisedColumns(raised),
  });
  const ids = rows.map(({ row }) => spreadId(row));
  const files: Built["files"] = { "points.bin": bytes, "ids.bin": idTable(ids) };
  for (let first = 0; first < rows.length; first += PER_CHUNK) {
    const cards = ids.slice(first, first + PER_CHUNK).map((id) => aCard({ id, title: id }));
    files[`cards/${first / PER_CHUNK}.json`] = JSON.stringify(cards);
  }
  const atlas = anAtlas({
    n_media: rows.length,
    tiles: { ...anAtlas().tiles, max_zoom: maxZoom },
    points: {
      path: "points.bin",
      n: rows.length,
      index_zoom: indexZoom,
      blocks,
      representatives: zoomsOf(raised, rows),
    },
    ids: { path: "ids.bin", n: rows.length, entry_bytes: 14, id_bytes: 10 },
    cards: { path: "cards/{chunk}.json", per_chunk: PER_CHUNK },
  });
  files["atlas.json"] = JSON.stringify(atlas);
  return { atlas, files, rows, ids };
}

/** The first row in each tile of `indexZoom`, and at the end the number of rows. */
function indexOf(rows: readonly { code: number }[], maxZoom: number, indexZoom: number): number[] {
  const perTile = 4 ** (maxZoom - indexZoom) * TILE_PX ** 2;
  return Array.from({ length: 4 ** indexZoom + 1 }, (_, tile) => {
    const first = rows.findIndex(({ code }) => code >= tile * perTile);
    return first < 0 ? rows.length : first;
  });
}

function raisedColumns(raised: Record<number, readonly Sprite[]>): Record<string, Column> {
  const columns = Object.entries(raised).flatMap(([zoom, boxes]): [string, Column][] => [
    [`rep:${zoom}`, Uint32Array.from(boxes, ({ row }) => row)],
    [
      `repbox:${zoom}`,
      Float32Array.from(boxes.flatMap(({ x, y, w, h }) => [x - w / 2, y - h / 2, w, h])),
    ],
  ]);
  return Object.fromEntries(columns);
}

function zoomsOf(
  raised: Record<number, readonly Sprite[]>,
  rows: readonly Sprite[],
): Representatives[] {
  return Object.entries(raised).map(([zoom, boxes]) => ({
    zoom: Number(zoom),
    reach: Math.max(...boxes.map((box) => reachOf(box, rows[box.row]))),
  }));
}

function reachOf(box: Sprite, sprite: Sprite | undefined): number {
  const [x, y] = [sprite?.x ?? 0, sprite?.y ?? 0];
  return Math.max(Math.abs(box.x - x) + box.w / 2, Math.abs(box.y - y) + box.h / 2);
}

/** An atlas of which only some fields matter to a test. */
export function anAtlas(fields: Partial<Atlas> = {}): Atlas {
  return {
    format: 1,
    title: "Moths",
    description: "",
    n_media: 0,
    width: 1000,
    height: 1000,
    left: 12,
    top: 12,
    sprite_px: 40,
    tiles: {
      container: "directory",
      path: "tiles/{z}/{x}/{y}.jpg",
      retina_path: null,
      media_type: "image/jpeg",
      tile_px: TILE_PX,
      min_zoom: 0,
      max_zoom: 2,
      background: "#ffffff",
    },
    points: { path: "points.bin", n: 0, index_zoom: 0, blocks: [] },
    ids: { path: "ids.bin", n: 0, entry_bytes: 14, id_bytes: 10 },
    dictionaries: [],
    cards: { path: "cards/{chunk}.json", per_chunk: PER_CHUNK },
    licences: [],
    steps: [],
    generator: "",
    layouts: [],
    ...fields,
  };
}

/** An id that is evenly spread, as hashes are: a multiplicative hash of the row. */
export function spreadId(row: number): string {
  let state = (row + 1) * 2654435761;
  let id = "";
  while (id.length < 20) {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) >>> 0;
    id += state.toString(16).padStart(8, "0");
  }
  return id.slice(0, 20);
}

/** Entries of an id and its row, sorted by id. */
export function idTable(ids: readonly string[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(14 * ids.length);
  const view = new DataView(bytes.buffer);
  const sorted = ids.map((id, row) => ({ id, row })).sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const [entry, { id, row }] of sorted.entries()) {
    for (let i = 0; i < 10; i++)
      bytes[14 * entry + i] = Number.parseInt(id.slice(2 * i, 2 * i + 2), 16);
    view.setUint32(14 * entry + 10, row, true);
  }
  return bytes;
}

type Column = Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

function pack(columns: Record<string, Column>): {
  blocks: Block[];
  bytes: Uint8Array<ArrayBuffer>;
} {
  const blocks: Block[] = [];
  let size = 0;
  for (const [name, column] of Object.entries(columns)) {
    const offset = Math.ceil(size / 64) * 64;
    const { length: n, byteLength: n_bytes } = column;
    const shape = name.startsWith("repbox:") ? [n / 4, 4] : [n];
    blocks.push({ name, dtype: dtypeOf(column), shape, offset, n_bytes });
    size = offset + n_bytes;
  }
  const bytes = new Uint8Array(size);
  for (const [i, column] of Object.values(columns).entries())
    bytes.set(new Uint8Array(column.buffer), blocks[i]?.offset);
  return { blocks, bytes };
}

function dtypeOf(column: Column): Block["dtype"] {
  if (column instanceof Float32Array) return "float32";
  return column instanceof Uint16Array ? "uint16" : "uint32";
}
