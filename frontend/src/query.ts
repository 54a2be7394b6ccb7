/** A word, or several, that a free text such as a title has. */
export interface Word {
  /** The column; empty for all of them together. */
  readonly field: string;
  readonly word: string;
}

/** A corner of a shape drawn on the map, in pixels at the highest zoom. */
export type Corner = readonly [x: number, y: number];

/** From the least number to the greatest, both included. */
export type Span = readonly [least: number, greatest: number];

/**
 * What a visitor wants to see of an atlas, in words, so that a newer edition understands it too.
 *
 * A medium is found if it has one of the values of each column, lies in each span, has all
 * the words, and lies in the area.
 */
export interface Query {
  /** Values by column; an empty one stands for none. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly spans: ReadonlyMap<string, Span>;
  readonly words: readonly Word[];
  readonly area: readonly Corner[] | null;
  /** The name of the layout on which the area was drawn; left out or empty for the first. */
  readonly areaIn?: string;
}

/** The query that finds everything. */
export const EVERYTHING: Query = { values: new Map(), spans: new Map(), words: [], area: null };

/** True if a query finds everything. */
export function findsAll({ values, spans, words, area }: Query): boolean {
  return values.size + spans.size + words.length === 0 && area === null;
}

/** Ask for a value besides those asked for, or no longer. */
export function toggleValue(query: Query, column: string, value: string): Query {
  const asked = query.values.get(column) ?? [];
  const others = asked.filter((one) => one !== value);
  return withValues(query, column, others.length < asked.length ? others : [...asked, value]);
}

/** Ask for just these values of a column; none of them for all. */
export function withValues(query: Query, column: string, values: readonly string[]): Query {
  return { ...query, values: replaced(query.values, column, values.length ? values : null) };
}

/** Ask for numbers of a column that lie in a span, or for all. */
export function withSpan(query: Query, column: string, span: Span | null): Query {
  return { ...query, spans: replaced(query.spans, column, span) };
}

/** Ask for a word besides those asked for. */
export function withWord(query: Query, word: Word): Query {
  return { ...query, words: [...withoutWord(query, word).words, word] };
}

/** Ask no longer for a word. */
export function withoutWord(query: Query, { field, word }: Word): Query {
  const others = query.words.filter((one) => one.field !== field || one.word !== word);
  return { ...query, words: others };
}

function replaced<T>(map: ReadonlyMap<string, T>, key: string, value: T | null): Map<string, T> {
  const copy = new Map(map);
  if (value === null) copy.delete(key);
  else copy.set(key, value);
  return copy;
}
