import type { DataSource } from "../data/source";
import type { Block } from "../schema";
import { BUDGET, isEdition, isOurs, pageCache } from "./names";
import { RUNTIME, RUNTIME_BYTES } from "../photo/runtime";
import { pieceOf } from "./pieces";

/** Tiles of the lower zooms that are kept at once. */
const TILES_FIRST = 1500;

/** Columns and words are kept at once up to this size; others as they are looked at. */
const AT_ONCE = BUDGET / 2;

/** Requests at a time. */
const SIDE_BY_SIDE = 6;

/** Stands in the cache of an edition of which these were asked for: once, also where disks are full. */
const FILLED = "?wk-filled";

/** The folder of the atlas. */
export function scopeOf(): string {
  return new URL(".", document.baseURI).href;
}

/** Whether this browser can keep an atlas. */
export function canKeep(): boolean {
  return window.isSecureContext && "serviceWorker" in navigator && "caches" in window;
}

/** Whether this atlas is kept. */
export async function isKept(): Promise<boolean> {
  return (await registration()) !== null;
}

/** Keep the page, and of the atlas what most visits need; `tell` hears how much is done. */
export async function keep(source: DataSource, tell: (share: number) => void): Promise<void> {
  const scope = scopeOf();
  await navigator.serviceWorker.register(new URL("sw.js", scope).href, { scope });
  await navigator.serviceWorker.ready;
  if (!navigator.serviceWorker.controller)
    await new Promise((resolve) => {
      navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true });
    });
  await fill(source, tell);
}

/**
 * Keep of an atlas that was published anew what most visits need, if it was kept before.
 *
 * Return whether it is kept. Of a visitor who saves data only what is looked at is kept.
 */
export async function renew(source: DataSource): Promise<boolean> {
  if (!canKeep() || !(await isKept())) return false;
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  if (!connection?.saveData && !(await isFilled())) await fill(source, () => undefined);
  return true;
}

async function fill(source: DataSource, tell: (share: number) => void): Promise<void> {
  const scope = scopeOf();
  const names = await shell(scope);
  const get = names.map((path) => () => fetch(new URL(path, scope).href, { cache: "no-cache" }));
  const works: Work[] = [...get, ...tiles(source), ...files(source)];
  const found = await editions();
  try {
    for (const edition of found) await edition.put(scope + FILLED, new Response(""));
  } catch {
    // no room for so much as that: only what there is room for is kept, as it is looked at
    return;
  }
  let [next, done, failed] = [0, 0, 0];
  const work = async (): Promise<void> => {
    for (let one = works[next++]; one; one = works[next++]) {
      // what cannot be read now is read when it is needed
      await one().catch(() => failed++);
      tell(++done / works.length);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  if (failed) for (const edition of found) await edition.delete(scope + FILLED);
  else await dropPagesBut(names);
}

/** Whether what most visits need was asked for since the atlas was published last. */
async function isFilled(): Promise<boolean> {
  const found = (await editions()).map((edition) => edition.match(scopeOf() + FILLED));
  return (await Promise.all(found)).some(Boolean);
}

/** The caches of this atlas's files: one, but while another edition takes its place. */
async function editions(): Promise<Cache[]> {
  const names = (await caches.keys()).filter((name) => isEdition(name, scopeOf()));
  return Promise.all(names.map((name) => caches.open(name)));
}

/** Forget files of the page that were those of an earlier one. */
async function dropPagesBut(names: readonly string[]): Promise<void> {
  const scope = scopeOf();
  const page = await caches.open(pageCache(scope));
  const known = new Set([...names, "atlas.json"].map((name) => scope + name));
  const old = (await page.keys()).filter(({ url }) => !known.has(url));
  await Promise.all(old.map((request) => page.delete(request)));
}

/** Keep nothing any more, and forget what was kept. */
export async function forget(): Promise<void> {
  await (await registration())?.unregister();
  const names = (await caches.keys()).filter((name) => isOurs(name, scopeOf()));
  await Promise.all(names.map((name) => caches.delete(name)));
}

/** Bytes of the atlas that are kept, besides the page. */
export async function keptBytes(): Promise<number> {
  let total = 0;
  for (const name of await caches.keys()) {
    if (!isOurs(name, scopeOf()) || name === pageCache(scopeOf())) continue;
    for (const { url } of await (await caches.open(name)).keys()) {
      const piece = pieceOf(url)?.piece;
      total += piece ? piece.end - piece.first : 0;
    }
  }
  return total;
}

/** The registration of this atlas; one of a folder above is another's. */
async function registration(): Promise<ServiceWorkerRegistration | null> {
  const found = await navigator.serviceWorker.getRegistration(scopeOf());
  return found?.scope === scopeOf() ? found : null;
}

type Work = () => Promise<unknown>;

/** All files of the page: what is loaded only when asked for would be missed without a network. */
async function shell(scope: string): Promise<string[]> {
  const get = async (path: string): Promise<Response> => {
    return fetch(new URL(path, scope).href, { cache: "no-cache" });
  };
  await get("atlas.json");
  const listed = (await (await get("shell.json")).json()) as readonly string[];
  return ["index.html", ...listed];
}

function tiles(source: DataSource): Work[] {
  const { min_zoom, max_zoom } = source.atlas.tiles;
  const pyramid = source.tiles(window.devicePixelRatio > 1) ?? source.tiles(false);
  const works: Work[] = [];
  if (!pyramid) return works;
  const read = async (z: number, x: number, y: number): Promise<void> => {
    const address = await pyramid.address(z, x, y, new AbortController().signal);
    if (!address) return;
    if (!address.startsWith("blob:")) await (await fetch(address)).arrayBuffer();
    pyramid.release(address);
  };
  for (let zoom = min_zoom; zoom <= max_zoom && works.length + 4 ** zoom <= TILES_FIRST; zoom++)
    for (let tile = 0; tile < 4 ** zoom; tile++)
      works.push(() => read(zoom, tile % 2 ** zoom, Math.floor(tile / 2 ** zoom)));
  return works;
}

/** What is drawn, counted and searched by: the columns, their values, and the words. */
function files(source: DataSource): Work[] {
  const { points, dictionaries, search, ids, photograph } = source.atlas;
  const whole = (path: string): Work => {
    return async () => (await fetch(source.address(path))).arrayBuffer();
  };
  const size = (blocks: readonly Block[]): number =>
    blocks.reduce((sum, { n_bytes }) => sum + n_bytes, 0);
  const sized: (readonly [size: number, work: Work])[] = [
    ...(points?.blocks ?? []).map(({ offset, n_bytes }): [number, Work] => [
      n_bytes,
      () => source.file(points?.path ?? "").read(offset, n_bytes),
    ]),
    ...dictionaries.filter(({ path }) => path).map(({ path }) => [0, whole(path)] as const),
    ...[...dictionaries.map(({ values }) => values), ...(search?.indexes ?? [])].flatMap((file) =>
      file ? [[size(file.blocks), whole(file.path)] as const] : [],
    ),
    ...(ids ? [[ids.n * ids.entry_bytes, whole(ids.path)] as const] : []),
    ...(photograph
      ? [
          [RUNTIME_BYTES, whole(RUNTIME)] as const,
          [photograph.encoder.n_bytes, whole(photograph.encoder.path)] as const,
          [size(photograph.alike.blocks), whole(photograph.alike.path)] as const,
        ]
      : []),
  ];
  let total = 0;
  return sized.flatMap(([bytes, work]) => {
    if (total + bytes > AT_ONCE) return [];
    total += bytes;
    return [work];
  });
}
