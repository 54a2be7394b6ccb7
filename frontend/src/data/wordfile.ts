import { Rows } from "../select/rows";
import type { SearchField, SearchIndex } from "../schema";
import { Blocks, type Numbers } from "./blocks";
import { AtlasError } from "./errors";
import { decodePostings, Varints } from "./postings";
import { type ByteSource, SMALL_PAGE_BYTES } from "./ranges";
import { compareBytes, gramClasses, nearlyBegins } from "./words";

/** The first letters of a word, in which a slip is looked for by grams alone. */
const CERTAIN_LETTERS = 3;

/** What has fewer letters is not taken for a slip. */
const SLIP_LETTERS = 4;

/** Shards that are read for one word. */
const MOST_SHARDS = 8;

/** Grams that a slip takes away at most. */
const LOST_GRAMS = 4;

/** A word and a column that has it. */
export interface FoundWord {
  readonly word: string;
  readonly field: SearchField;
  /** Its values, or rows, that have the word. */
  readonly count: number;
  /** First byte and end of its list in block `list`, or the list itself. */
  readonly list: readonly [number, number] | Uint8Array;
}

/** What leads to the shards of an index. */
interface Head {
  readonly first: readonly string[];
  readonly at: Numbers;
  readonly begins: Numbers;
}

/** Reads one search index by range, shard by shard. */
export class WordFile {
  readonly index: SearchIndex;
  readonly #file: Blocks;
  #head: Promise<Head> | null = null;

  constructor(index: SearchIndex, source: ByteSource) {
    this.index = index;
    this.#file = new Blocks(index, source, SMALL_PAGE_BYTES);
  }

  /** Read what leads to the shards. */
  async ready(): Promise<void> {
    await this.#opened();
  }

  /** Return the words that begin with what was typed, of the first shards that may have any. */
  async beginning(typed: string): Promise<FoundWord[]> {
    const shards = shardsOf((await this.#opened()).first, typed).slice(0, MOST_SHARDS);
    return (await this.#words(shards)).filter(({ word }) => word.startsWith(typed));
  }

  /**
   * Return the words that begin with what was typed but for one slip.
   *
   * They are looked for where the first letters lead, and by grams where they lead to nothing.
   */
  async nearly(typed: string): Promise<FoundWord[]> {
    const letters = Array.from(typed);
    if (letters.length < SLIP_LETTERS) return [];
    const { first } = await this.#opened();
    const here = lastNotAfter(first, typed);
    const near = shardsOf(first, letters.slice(0, CERTAIN_LETTERS).join(""))
      .sort((a, b) => Math.abs(a - here) - Math.abs(b - here))
      .slice(0, MOST_SHARDS);
    const found = await this.#slips(near, typed);
    return found.length ? found : this.#slips(await this.#byGrams(typed), typed);
  }

  /** Return the values, from 0, or the rows that have a word. */
  async targets({ list }: FoundWord): Promise<Rows> {
    if (list instanceof Uint8Array) return decodePostings(list);
    const bytes = await this.#file.read("list", { first: list[0], end: list[1] });
    return decodePostings((bytes ?? new Uint8Array()) as Uint8Array);
  }

  async #slips(shards: readonly number[], typed: string): Promise<FoundWord[]> {
    const words = await this.#words([...shards].sort((a, b) => a - b));
    return words.filter(({ word }) => nearlyBegins(word, typed));
  }

  async #words(shards: readonly number[]): Promise<FoundWord[]> {
    return (await Promise.all(shards.map((shard) => this.#shard(shard)))).flat();
  }

  async #shard(number: number): Promise<FoundWord[]> {
    const { at } = await this.#opened();
    const run = { first: at[number] ?? 0, end: at[number + 1] ?? 0 };
    const bytes = (await this.#file.read("shard", run)) ?? new Uint8Array();
    return [...entries(bytes as Uint8Array, this.index)];
  }

  /** Return the shards of the words that share most grams with what was typed. */
  async #byGrams(typed: string): Promise<number[]> {
    const { n_grams, n_words } = this.index;
    if (!n_grams) return [];
    const classes = gramClasses(typed, n_grams);
    const lists = await Promise.all(classes.map((one) => this.#file.entry("gram", one)));
    const shared = new Uint8Array(n_words);
    for (const list of lists)
      decodePostings(list).each((first, end) => {
        for (let word = first; word < end; word++) shared[word] = (shared[word] ?? 0) + 1;
      });
    const { begins } = await this.#opened();
    const found = new Set<number>();
    const least = Math.max(1, classes.length - LOST_GRAMS);
    for (let many = classes.length; many >= least && found.size < MOST_SHARDS; many--)
      for (let word = shared.indexOf(many); word >= 0; word = shared.indexOf(many, word + 1)) {
        found.add(lastNotAbove(begins, word));
        if (found.size === MOST_SHARDS) break;
      }
    return [...found];
  }

  #opened(): Promise<Head> {
    this.#head ??= Promise.all([
      this.#file.json("first"),
      this.#file.readAll("shard_at"),
      this.#file.readAll("shard_word"),
    ]).then(([first, at, begins]) => {
      if (!Array.isArray(first) || !first.every((word) => typeof word === "string"))
        throw new AtlasError({ kind: "broken", file: this.index.path, what: "it has no words" });
      return { first, at, begins };
    });
    this.#head.catch(() => (this.#head = null));
    return this.#head;
  }
}

/** The entries of a shard, in order. */
function* entries(shard: Uint8Array, index: SearchIndex): Generator<FoundWord> {
  const numbers = new Varints(shard);
  const decoder = new TextDecoder();
  let bytes = new Uint8Array();
  while (numbers.left) {
    const shared = numbers.next();
    const more = numbers.bytes(numbers.next());
    const word = new Uint8Array(shared + more.length);
    word.set(bytes.subarray(0, shared));
    word.set(more, shared);
    bytes = word;
    const field = index.fields[numbers.next()];
    const count = numbers.next();
    const size = numbers.next();
    const first = size <= index.inline_bytes ? null : numbers.next();
    const list = first === null ? numbers.bytes(size) : ([first, first + size] as const);
    if (field) yield { word: decoder.decode(word), field, count, list };
  }
}

/** The shards that may have words which begin so, by the first word of each. */
function shardsOf(first: readonly string[], begin: string): number[] {
  const shards = [lastNotAfter(first, begin)];
  for (let next = (shards[0] ?? 0) + 1; first[next]?.startsWith(begin); next++) shards.push(next);
  return shards;
}

/** The place of the last word that is not after another, or 0. */
function lastNotAfter(words: readonly string[], word: string): number {
  let [low, high] = [0, words.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareBytes(words[middle] ?? "", word) <= 0) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** The place of the last of ascending numbers that is not above a bound, or 0. */
function lastNotAbove(numbers: Numbers, bound: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) <= bound) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
