import { type Problem, ServerError } from "../data/server";
import { type Api, MAX_LABELS } from "./api";
import type { Label, Saved } from "./schema";

/** One statement that is not known to be on the server's disk. */
export interface Unsent extends Label {
  readonly who: string;
  readonly settled: boolean;
  /** True if it is sent by itself, because the server refused it among others. */
  readonly alone?: boolean;
}

/** What becomes of statements. */
export interface Told {
  saved(sent: readonly Unsent[], answer: Saved): void;
  /** The server will never take these. */
  refused(sent: readonly Unsent[], problem: Problem): void;
  /** The server was reached, or could not be. */
  reached(there: boolean): void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;

/** Answers of a server that sees something wrong in what it was sent, not in itself. */
const FINAL = new Set([400, 404, 413, 415, 422]);

/** Sends statements in their order, again and again until they are on the server's disk. */
export class Outbox {
  readonly #api: Api;
  readonly #told: Told;
  readonly #storage: Storage;
  readonly #key: string;
  #unsent: readonly Unsent[] = [];
  #ids: ReadonlySet<string> = new Set();
  #sending = false;
  #wait = FIRST_WAIT_MS;
  #timer: number | undefined;

  /** What an earlier load of the page left in `storage` is sent too. */
  constructor(api: Api, storage: Storage, told: Told) {
    this.#api = api;
    this.#told = told;
    this.#storage = storage;
    this.#key = `wk-unsent/${api.task}`;
    this.#keep(kept(storage.getItem(this.#key)));
  }

  get unsent(): readonly Unsent[] {
    return this.#unsent;
  }

  /** Media of which something is not known to be on the server's disk. */
  get ids(): ReadonlySet<string> {
    return this.#ids;
  }

  /** Take statements; they are kept at once and sent as soon as may be. */
  add(statements: readonly Unsent[]): void {
    this.#keep([...this.#unsent, ...statements]);
    void this.send();
  }

  /** Send what there is now, without waiting any longer. */
  async send(): Promise<void> {
    if (this.#sending) return;
    window.clearTimeout(this.#timer);
    this.#sending = true;
    try {
      while (this.#unsent.length) await this.#sendNext();
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      this.#told.reached(false);
      this.#timer = window.setTimeout(() => void this.send(), this.#wait);
      this.#wait = Math.min(2 * this.#wait, LONGEST_WAIT_MS);
    } finally {
      this.#sending = false;
    }
  }

  async #sendNext(): Promise<void> {
    const sent = together(this.#unsent);
    const [{ who, settled } = { who: "", settled: false }] = sent;
    try {
      const answer = await this.#api.say(who, lastOfEach(sent), settled);
      this.#wait = FIRST_WAIT_MS;
      this.#keep(this.#unsent.slice(sent.length));
      this.#told.reached(true);
      this.#told.saved(sent, answer);
    } catch (error) {
      if (!(error instanceof ServerError) || !FINAL.has(error.problem.status)) throw error;
      this.#setAside(sent, error.problem);
    }
  }

  /** Find the one that is refused among others by sending each alone; drop it when it is found. */
  #setAside(sent: readonly Unsent[], problem: Problem): void {
    const rest = this.#unsent.slice(sent.length);
    if (sent.length > 1) {
      this.#keep([...sent.map((one) => ({ ...one, alone: true })), ...rest]);
      return;
    }
    this.#keep(rest);
    this.#told.refused(sent, problem);
  }

  #keep(unsent: readonly Unsent[]): void {
    this.#unsent = unsent;
    this.#ids = new Set(unsent.map(({ id }) => id));
    if (unsent.length) this.#storage.setItem(this.#key, JSON.stringify(unsent));
    else this.#storage.removeItem(this.#key);
  }
}

/** Return the first statements that can be sent as one: of one person and one kind. */
function together(unsent: readonly Unsent[]): Unsent[] {
  const [first] = unsent;
  if (!first) return [];
  if (first.alone) return [first];
  const other = unsent.findIndex(
    (one) => one.who !== first.who || one.settled !== first.settled || one.alone,
  );
  return unsent.slice(0, Math.min(other < 0 ? unsent.length : other, MAX_LABELS));
}

/** Return the last thing said of each medium: it may be named once only. */
function lastOfEach(sent: readonly Unsent[]): Label[] {
  const last = new Map(sent.map(({ id, value }) => [id, value]));
  return [...last].map(([id, value]) => ({ id, value }));
}

/** Return what was kept; what cannot be read is nothing. */
function kept(text: string | null): Unsent[] {
  if (text === null) return [];
  try {
    const found: unknown = JSON.parse(text);
    return Array.isArray(found) ? found.filter(isUnsent) : [];
  } catch {
    return [];
  }
}

function isUnsent(one: unknown): one is Unsent {
  if (typeof one !== "object" || one === null) return false;
  const { id, value, who, settled } = one as Record<string, unknown>;
  const says = typeof value === "string" || value === null;
  return typeof id === "string" && says && typeof who === "string" && typeof settled === "boolean";
}
