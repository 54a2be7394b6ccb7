import { BUDGET, editionCache, isEdition, pageCache } from "./names";
import { Shelf } from "./shelf";

/** What of a page's work the network does. */
export type Get = (request: Request) => Promise<Response>;

const [PAGE, ATLAS] = ["index.html", "atlas.json"] as const;

/** Answers the requests of one atlas's page, from what is kept where it may. */
export class Library {
  readonly #scope: string;
  readonly #get: Get;
  readonly #caches: CacheStorage;
  #shelf: Promise<Shelf | null> | null = null;
  #edition = "";

  /** `scope` is the address of the atlas's folder, with a slash at its end. */
  constructor(scope: string, caches: CacheStorage, get: Get) {
    this.#scope = scope;
    this.#caches = caches;
    this.#get = get;
  }

  /** Whether a request is for a file of this atlas: whatever writes or computes is none. */
  serves({ method, url }: Pick<Request, "method" | "url">): boolean {
    const path = this.#path(url);
    return method === "GET" && path !== null && !/^(?:api|curate|sort)\//.test(path);
  }

  /** Answer a request. */
  async answer(request: Request): Promise<Response> {
    const path = this.#path(request.url) ?? "";
    if (path === "" || path === PAGE) return this.#newest(request, PAGE);
    if (path === ATLAS) return this.#newest(request, ATLAS);
    // their names tell what is in them
    if (path.startsWith("assets/")) return this.#asset(request);
    const shelf = await this.#open();
    const kept = await shelf?.find(request);
    if (kept) return kept;
    const answer = await this.#get(request);
    return shelf ? shelf.keep(request, answer) : answer;
  }

  /** Ask the network; without one, answer what it said last. */
  async #newest(request: Request, name: typeof ATLAS | typeof PAGE): Promise<Response> {
    const page = await this.#caches.open(pageCache(this.#scope));
    const key = this.#scope + name;
    let answer: Response;
    try {
      answer = await this.#get(request);
    } catch (error) {
      const kept = await page.match(key);
      if (kept) return kept;
      throw error;
    }
    if (answer.status !== 200) return answer;
    const isKept = await put(page, key, answer);
    if (name === ATLAS) {
      await this.#change(await digestOf(answer.clone()));
      // without the files of an edition before there may be room
      if (!isKept) await put(page, key, answer);
    }
    return answer;
  }

  async #asset(request: Request): Promise<Response> {
    const page = await this.#caches.open(pageCache(this.#scope));
    const kept = await page.match(request.url);
    if (kept) return kept;
    const answer = await this.#get(request);
    if (answer.status === 200) await put(page, request.url, answer);
    return answer;
  }

  /** Take the files of an edition; those of others are forgotten. */
  async #change(edition: string): Promise<void> {
    if (edition === this.#edition) return;
    this.#edition = edition;
    const name = editionCache(this.#scope, edition);
    const others = (await this.#caches.keys()).filter(
      (one) => isEdition(one, this.#scope) && one !== name,
    );
    await Promise.all(others.map((one) => this.#caches.delete(one)));
    this.#shelf = this.#caches.open(name).then((cache) => Shelf.open(cache, BUDGET));
    await this.#shelf;
  }

  /** The files of the edition of which `atlas.json` was read last; null before any was. */
  #open(): Promise<Shelf | null> {
    this.#shelf ??= (async () => {
      const page = await this.#caches.open(pageCache(this.#scope));
      const atlas = await page.match(this.#scope + ATLAS);
      if (!atlas) return null;
      this.#edition = await digestOf(atlas);
      const cache = await this.#caches.open(editionCache(this.#scope, this.#edition));
      return Shelf.open(cache, BUDGET);
    })();
    const opening = this.#shelf;
    void opening.then((shelf) => {
      if (!shelf && this.#shelf === opening) this.#shelf = null;
    });
    return opening;
  }

  /** The path of an address below the scope, or null. */
  #path(address: string): string | null {
    const url = new URL(address);
    url.hash = url.search = "";
    return url.href.startsWith(this.#scope) ? url.href.slice(this.#scope.length) : null;
  }
}

/** Keep an answer if the browser has room; what is asked for is answered all the same. */
async function put(cache: Cache, key: string, answer: Response): Promise<boolean> {
  try {
    await cache.put(key, answer.clone());
    return true;
  } catch (error) {
    if (error instanceof DOMException) return false;
    throw error;
  }
}

async function digestOf(answer: Response): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await answer.arrayBuffer());
  return Array.from(new Uint8Array(digest).subarray(0, 8), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
