import type { DataSource } from "../data/source";
import { ServerError } from "../data/server";
import type { EncoderFile, PhotographSearch } from "../schema";
import { AlikeTable } from "./alike";
import { type Looked, type Looker, type Tell, unreadable } from "./asking";
import { drawn } from "./drawn";
import { Eye } from "./eye";
import { loaded } from "./loading";
import { prepared, scaled } from "./prepare";
import type { Picture } from "./resample";
import { RUNTIME, RUNTIME_BYTES } from "./runtime";
import { asJpeg } from "./shrunk";
import { texts } from "./texts";

const N_LIKE = 24;

/** Where nothing was read that tells how quick the way is. */
const USUAL_MBIT = 20;

/** Smaller files tell how far the host is, not how wide the way. */
const WORTH_TIMING = 16_384;

/** Finds what is like a photograph in the page itself: the photograph stays where it is. */
export class PageLooker implements Looker {
  readonly #source: DataSource;
  readonly #search: PhotographSearch;
  readonly #alike: AlikeTable;
  #eye: Promise<Eye> | null = null;

  constructor(source: DataSource, search: PhotographSearch) {
    this.#source = source;
    this.#search = search;
    this.#alike = new AlikeTable(source, search.alike);
  }

  readonly promises = (): readonly string[] => {
    const { alike, encoder, picture } = this.#search;
    const bytes = RUNTIME_BYTES + encoder.n_bytes + AlikeTable.bytes(alike);
    return [
      texts.stays,
      ...(picture === "image" ? [] : [texts.plainGround]),
      ...(this.#eye ? [] : [texts.loads(bytes / 1e6, (8 * bytes) / 1e6 / speed())]),
    ];
  };

  readonly look = async (photograph: Blob, tell: Tell): Promise<Looked> => {
    tell("reading");
    const canvas = await drawn(photograph);
    const seen = canvas && pictureOf(canvas);
    if (!seen) throw unreadable();
    const { encoder } = this.#search;
    const eye = await this.#opened(tell);
    tell("features");
    const square = prepared(seen, encoder);
    const pixels = scaled(square, encoder);
    const features = await eye.look({ pixels, side: encoder.side_px }).catch(failed);
    tell("search");
    const likes = await this.#alike.nearest(features, N_LIKE);
    return { picture: await shown(canvas), caption: texts.whole, likes };
  };

  /** The encoder; it is loaded for the first photograph. */
  #opened(tell: Tell): Promise<Eye> {
    this.#eye ??= this.#open(this.#search.encoder, tell);
    this.#eye.catch(() => (this.#eye = null));
    return this.#eye;
  }

  async #open({ path, n_bytes }: EncoderFile, tell: Tell): Promise<Eye> {
    let done = 0;
    const count = (bytes: number): void => {
      done += bytes;
      tell("fetching", Math.min(1, done / (RUNTIME_BYTES + n_bytes)));
    };
    count(0);
    const files = [this.#source.address(RUNTIME), this.#source.address(path)];
    const [[runtime, network]] = await Promise.all([
      Promise.all(files.map((file) => loaded(file, count))),
      this.#alike.ready(),
    ]);
    tell("loading");
    const eye = new Eye();
    await eye
      .open({ runtime: runtime ?? new ArrayBuffer(), network: network ?? new ArrayBuffer() })
      .catch((error: unknown) => {
        eye.close();
        failed(error);
      });
    return eye;
  }
}

/** Megabits that come in a second: as quick as the quickest of what the page has read. */
function speed(): number {
  const read = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
  const found = read
    .filter(({ transferSize }) => transferSize > WORTH_TIMING)
    .map((one) => (8 * one.transferSize) / 1e3 / Math.max(1, one.responseEnd - one.requestStart));
  return found.length ? Math.max(...found) : USUAL_MBIT;
}

function failed(error: unknown): never {
  const detail = error instanceof Error ? error.message : String(error);
  throw new ServerError({ title: texts.cannot, detail, status: 500 });
}

function pictureOf(canvas: HTMLCanvasElement): Picture | null {
  const { width, height } = canvas;
  const found = canvas.getContext("2d")?.getImageData(0, 0, width, height).data;
  if (!found) return null;
  const pixels = new Float32Array(width * height * 3);
  for (let i = 0, at = 0; i < found.length; i++) if (i % 4 < 3) pixels[at++] = found[i] ?? 0;
  return { pixels, width, height };
}

/** The address of a small picture of what was compared. */
async function shown(canvas: HTMLCanvasElement): Promise<string> {
  const scale = Math.min(1, 320 / Math.max(canvas.width, canvas.height));
  const small = document.createElement("canvas");
  small.width = Math.max(1, Math.round(canvas.width * scale));
  small.height = Math.max(1, Math.round(canvas.height * scale));
  small.getContext("2d")?.drawImage(canvas, 0, 0, small.width, small.height);
  const jpeg = await asJpeg(small);
  return jpeg ? URL.createObjectURL(jpeg) : "";
}
