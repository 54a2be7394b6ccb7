import { AtlasError } from "../data/errors";
import type { Finding, TextFinding } from "../data/findings";
import type { DataSource } from "../data/source";
import {
  type Corner,
  findsAll,
  type Query,
  type Span,
  toggleValue,
  withSpan,
  withWord,
} from "../query";
import { type Filters, type Histogram, Selection } from "../select/filters";
import type { RowSet } from "../select/rows";
import type { Store } from "../store";

/** Turns the corners of an area, drawn on a layout, into the rows that lie in it. */
export type RowsInside = (corners: readonly Corner[], layout: string) => Promise<RowSet>;

/** No column has so many values: what an edition does not know finds nothing. */
const UNKNOWN = 0xffffffff;

/** Looks up what the query asks for; the last query counts, earlier answers are dropped. */
export class Explorer {
  readonly #source: DataSource;
  readonly #store: Store;
  readonly #rowsInside: RowsInside;
  readonly #selection: Selection;
  readonly #codes = new Map<string, Map<string, number>>();
  #wish = 0;
  #applied: Promise<void> = Promise.resolve();

  constructor(source: DataSource, store: Store, rowsInside: RowsInside) {
    this.#source = source;
    this.#store = store;
    this.#rowsInside = rowsInside;
    this.#selection = new Selection(source);
    store.onChange(
      ({ query }) => query,
      (query) => {
        this.#applied = this.#look(query);
      },
    );
  }

  /** Ask for a finding besides what is asked for. */
  ask(finding: Finding): void {
    const { query } = this.#store.state;
    if (finding.kind === "text")
      this.#store.set({ query: withWord(query, { field: finding.field, word: finding.word }) });
    else {
      const { column, text, code } = finding;
      this.#codesOf(column).set(text, code);
      const asked = query.values.get(column)?.includes(text);
      if (!asked) this.#store.set({ query: toggleValue(query, column, text) });
    }
  }

  /** Ask for a span of numbers, or for all. */
  askSpan(column: string, span: Span | null): void {
    this.#store.set({ query: withSpan(this.#store.state.query, column, span) });
  }

  /** Return media by code that the query finds, but for what it asks of this column. */
  async facet(column: string): Promise<Uint32Array> {
    await this.#applied;
    return this.#selection.facet(column);
  }

  /** Return media by number that the query finds, but for what it asks of this column. */
  async histogram(column: string, nBins: number): Promise<Histogram> {
    await this.#applied;
    return this.#selection.histogram(column, nBins);
  }

  /** Run what may fail for want of a file; say so, and return null then. */
  async attempt<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      this.fail(error);
      return null;
    }
  }

  /** Tell the visitor what could not be read. */
  fail(error: unknown): void {
    if (!(error instanceof AtlasError)) throw error;
    this.#store.notice(error.trouble);
  }

  async #look(query: Query): Promise<void> {
    const wish = ++this.#wish;
    if (!findsAll(query)) this.#store.set({ found: null });
    const found = await this.attempt(async () => this.#selection.apply(await this.#filters(query)));
    if (wish === this.#wish) this.#store.set({ found: found ?? "all" });
  }

  async #filters({ values, spans, words, area, areaIn }: Query): Promise<Filters> {
    const coded = [...values].map(async ([column, texts]) => {
      const codes = await Promise.all(texts.map((text) => this.#codeOf(column, text)));
      return [column, new Set(codes)] as const;
    });
    return {
      values: new Map(await Promise.all(coded)),
      ranges: spans,
      words: words.map(({ field, word }) => textFinding(field, word)),
      area: area && (await this.#rowsInside(area, areaIn ?? "")),
    };
  }

  async #codeOf(column: string, text: string): Promise<number> {
    if (!text) return 0;
    const known = this.#codesOf(column).get(text);
    if (known !== undefined) return known;
    const [first] = await this.#source.valuesFrom(column, text, 1);
    const code = first?.text === text ? first.code : UNKNOWN;
    this.#codesOf(column).set(text, code);
    return code;
  }

  #codesOf(column: string): Map<string, number> {
    const codes = this.#codes.get(column) ?? new Map<string, number>();
    this.#codes.set(column, codes);
    return codes;
  }
}

function textFinding(field: string, word: string): TextFinding {
  return { kind: "text", field, word, text: word, count: 0, exact: true };
}
