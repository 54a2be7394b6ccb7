import type { Search, SearchField } from "../schema";
import { Rows, RowSet } from "../select/rows";
import type { ColumnTable } from "./columns";
import type { Finding, TextFinding, ValueFinding } from "./findings";
import type { ByteSource } from "./ranges";
import { type FoundWord, WordFile } from "./wordfile";
import { wordsOf } from "./words";

/** Values of a column that are weighed by how many media have them. */
const WEIGHED = 4096;

/** Of a column with more values counts and rows are looked up when needed: eight bytes a value. */
const READ_AHEAD = 65_536;

/** The words of one index that one typed word may mean. */
interface Meant {
  readonly file: WordFile;
  readonly words: readonly FoundWord[];
}

/** What one typed word may mean, in all indexes; `exact` unless a slip was forgiven. */
interface Heard {
  readonly typed: string;
  readonly exact: boolean;
  readonly meant: readonly Meant[];
}

/** A field and what each typed word may mean in it. */
interface FieldWords {
  readonly field: SearchField;
  readonly file: WordFile;
  readonly words: readonly (readonly FoundWord[])[];
}

/** Finds values, texts and media by what somebody types. */
export class Searcher {
  readonly #search: Search;
  readonly #columns: ColumnTable;
  readonly #files: readonly WordFile[];

  constructor(search: Search, columns: ColumnTable, open: (path: string) => ByteSource) {
    this.#search = search;
    this.#columns = columns;
    this.#files = search.indexes.map((index) => new WordFile(index, open(index.path)));
  }

  /**
   * Return what a text may mean, the likeliest first.
   *
   * Every word is taken as the beginning of one. Values that have all words come first,
   * then words of texts; of several words, last, the media that have all of them anywhere.
   */
  async find(text: string, limit: number, signal?: AbortSignal): Promise<Finding[]> {
    const typed = wordsOf(text, this.#search);
    if (!typed.length) return [];
    const heard = await Promise.all(typed.map((word) => this.#hear(word, signal)));
    const exact = heard.every((one) => one.exact);
    const fields = this.#fields(heard);
    const [values, texts, anywhere] = await Promise.all([
      this.#values(fields, typed, exact, limit),
      this.#texts(fields, typed, exact, limit),
      typed.length > 1 && heard.every(({ meant }) => meant.length)
        ? this.#anywhere(text.trim(), heard, exact)
        : [],
    ]);
    signal?.throwIfAborted();
    const room = Math.max(0, limit - anywhere.length);
    const kept = values.length + texts.length > room ? shared(values, texts, room) : null;
    return [...(kept ?? [...values, ...texts]), ...anywhere];
  }

  /** Read what every search begins with. */
  async ready(): Promise<void> {
    await Promise.all(this.#files.map((file) => file.ready()));
    const fields = this.#files.flatMap(({ index }) => index.fields);
    const readers = fields
      .filter(({ kind }) => kind === "dictionary")
      .map(({ column }) => this.#columns.reader(column));
    const few = readers.filter(({ reference }) => reference.n <= READ_AHEAD);
    await Promise.all(few.map((reader) => reader.counts()));
    // last, since only several words need it: it leads from values to the media that have them
    await Promise.all(few.map((reader) => reader.readyRows()));
  }

  /** Return the rows of a finding: also of one whose words came from an address. */
  async rowsOf(finding: Finding): Promise<Rows> {
    if (finding.kind === "value") return this.#columns.rowsOf(finding.column, finding.code);
    const typed = wordsOf(finding.word, this.#search);
    if (!typed.length) return Rows.none;
    const heard = await Promise.all(typed.map((word) => this.#hear(word)));
    if (finding.field === "") return (await this.#rowsAnywhere(heard)).ranges();
    const field = this.#fields(heard).find((one) => one.field.column === finding.field);
    return field ? (await this.#rowsIn(precise(field, typed))).ranges() : Rows.none;
  }

  async #hear(typed: string, signal?: AbortSignal): Promise<Heard> {
    const look = async (how: "beginning" | "nearly"): Promise<Meant[]> => {
      const found = await Promise.all(
        this.#files.map(async (file) => ({ file, words: await file[how](typed) })),
      );
      signal?.throwIfAborted();
      return found.filter(({ words }) => words.length);
    };
    const meant = await look("beginning");
    return meant.length
      ? { typed, exact: true, meant }
      : { typed, exact: false, meant: await look("nearly") };
  }

  /** The fields that may have all words, in the order of the indexes. */
  #fields(heard: readonly Heard[]): FieldWords[] {
    const all = this.#files.flatMap((file) => file.index.fields.map((field) => ({ field, file })));
    return all
      .map(({ field, file }) => ({
        field,
        file,
        words: heard.map(({ meant }) => {
          const here = meant.find((one) => one.file === file)?.words ?? [];
          return here.filter((word) => word.field.column === field.column);
        }),
      }))
      .filter(({ words }) => words.every((one) => one.length));
  }

  async #values(
    fields: readonly FieldWords[],
    typed: readonly string[],
    exact: boolean,
    limit: number,
  ): Promise<ValueFinding[]> {
    const found = fields
      .filter(({ field }) => field.kind === "dictionary")
      .map((field) => this.#valuesIn(field, typed, exact, limit));
    const whole = typed.join(" ");
    const rank = ({ text }: ValueFinding): number => {
      const words = wordsOf(text, this.#search).join(" ");
      return words === whole ? 0 : words.startsWith(whole) ? 1 : 2;
    };
    const ranked = (await Promise.all(found)).flat().map((one) => ({ one, rank: rank(one) }));
    ranked.sort((a, b) => a.rank - b.rank || b.one.count - a.one.count);
    return ranked.slice(0, limit).map(({ one }) => one);
  }

  async #valuesIn(
    field: FieldWords,
    typed: readonly string[],
    exact: boolean,
    limit: number,
  ): Promise<ValueFinding[]> {
    const { column } = field.field;
    const reader = this.#columns.reader(column);
    const { n } = reader.reference;
    const [sure, all] = await Promise.all([
      this.#targets(precise(field, typed), n),
      this.#targets(field, n),
    ]);
    const parts = [sure, all.and(sure.not())].map((set) => set.slice(0, WEIGHED));
    const values = parts.flat();
    // where all are shown, their texts are read meanwhile
    const ahead = values.length <= limit ? values.map((value) => reader.text(value + 1)) : [];
    const [counts] = await Promise.all([reader.countsOf(values), ...ahead]);
    const countOf = new Map(values.map((value, i) => [value, counts[i] ?? 0]));
    const codes = parts.flatMap((part) => ranked(part, countOf)).slice(0, limit);
    const finding = async (value: number): Promise<ValueFinding> => ({
      kind: "value",
      column,
      code: value + 1,
      text: await reader.text(value + 1),
      count: countOf.get(value) ?? 0,
      exact,
    });
    return Promise.all(codes.map(finding));
  }

  async #texts(
    fields: readonly FieldWords[],
    typed: readonly string[],
    exact: boolean,
    limit: number,
  ): Promise<TextFinding[]> {
    const texts = fields.filter(({ field }) => field.kind === "text");
    const whole = typed.join(" ");
    if (typed.length > 1) {
      const found = texts.map(async (field): Promise<TextFinding[]> => {
        const { count } = await this.#rowsIn(precise(field, typed));
        const { column } = field.field;
        return count
          ? [{ kind: "text", field: column, word: whole, text: whole, count, exact }]
          : [];
      });
      return (await Promise.all(found)).flat().slice(0, limit);
    }
    const found = texts.flatMap(({ field, words }) =>
      (words[0] ?? []).map(({ word, count }): TextFinding => ({
        ...{ kind: "text", field: field.column, word, text: word, count, exact },
      })),
    );
    const rank = ({ word }: TextFinding): number => (word === whole ? 0 : 1);
    return found.sort((a, b) => rank(a) - rank(b) || b.count - a.count).slice(0, limit);
  }

  async #anywhere(text: string, heard: readonly Heard[], exact: boolean): Promise<TextFinding[]> {
    const { count } = await this.#rowsAnywhere(heard);
    return count ? [{ kind: "text", field: "", word: text, text, count, exact }] : [];
  }

  /** The rows that have every word in any field. */
  async #rowsAnywhere(heard: readonly Heard[]): Promise<RowSet> {
    const each = heard.map(async ({ meant }) => {
      const parts = meant.flatMap(({ file, words }) =>
        file.index.fields.map((field) => {
          const here = words.filter((word) => word.field.column === field.column);
          return this.#rowsIn({ field, file, words: [here] });
        }),
      );
      const found = await Promise.all(parts);
      return found.reduce<RowSet>((all, rows) => all.or(rows), RowSet.none(this.#columns.n));
    });
    return (await Promise.all(each)).reduce((all, rows) => all.and(rows));
  }

  /** The rows that have all words in one field. */
  async #rowsIn(field: FieldWords): Promise<RowSet> {
    const { column, kind } = field.field;
    if (kind === "text") return this.#targets(field, this.#columns.n);
    const { n } = this.#columns.reader(column).reference;
    const values = await this.#targets(field, n);
    const codes = new Set<number>();
    values.each((value) => codes.add(value + 1));
    return this.#columns.rowsOfAny(column, codes);
  }

  /** The values, or rows, that have all words: of each any that it may mean. */
  async #targets({ file, words }: FieldWords, n: number): Promise<RowSet> {
    const sets = words.map(async (meant) =>
      RowSet.of(n, await Promise.all(meant.map((word) => file.targets(word)))),
    );
    return (await Promise.all(sets)).reduce((all, set) => all.and(set));
  }
}

/** Of what each word may mean the word itself, where the field has it. */
function precise(field: FieldWords, typed: readonly string[]): FieldWords {
  const words = field.words.map((meant, i) => {
    const same = meant.filter(({ word }) => word === typed[i]);
    return same.length ? same : meant;
  });
  return { ...field, words };
}

/** Values by how many media have them, most first. */
function ranked(values: readonly number[], counts: ReadonlyMap<number, number>): number[] {
  return [...values].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0));
}

/** At least a third of the room for texts, where there are so many. */
function shared(
  values: readonly Finding[],
  texts: readonly Finding[],
  room: number,
): readonly Finding[] {
  const forTexts = Math.min(texts.length, Math.max(Math.floor(room / 3), room - values.length));
  return [...values.slice(0, room - forTexts), ...texts.slice(0, forTexts)];
}
