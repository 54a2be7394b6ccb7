import type { Card, When } from "../schema";
import { texts } from "./texts";

/** The fields of a date that are known, from the year on. */
type Known = 1 | 2 | 3;

const FORMATS: Record<Exclude<Known, 1>, Intl.DateTimeFormatOptions> = {
  2: { month: "long", year: "numeric", timeZone: "UTC" },
  3: { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" },
};

/** The date of a card in the visitor's language; what could not be read stays as it is written. */
export function dateOf({ date, when }: Card): string {
  return (when ? written(when) : null) ?? date;
}

function written({ start, end, approximate }: When): string | null {
  const [first, last] = [read(start), read(end)];
  if (!first || !last) return null;
  const text = start === end ? one(first) : both(first, last);
  return approximate ? texts.card.about(text) : text;
}

interface Read {
  known: Known;
  year: number;
  date: Date;
}

/** Read a year, a month or a day; null for anything else. */
function read(text: string): Read | null {
  const found = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(text);
  if (!found) return null;
  const [year = 0, month, day] = found.slice(1).map((part) => (part ? Number(part) : undefined));
  const known = day ? 3 : month ? 2 : 1;
  return { known, year, date: new Date(Date.UTC(year, (month ?? 1) - 1, day ?? 1)) };
}

function one({ known, year, date }: Read): string {
  return known === 1 ? String(year) : formatter(known).format(date);
}

function both(first: Read, last: Read): string {
  if (first.known === 1 && last.known === 1) return `${first.year}–${last.year}`;
  if (first.known !== last.known || first.known === 1) return `${one(first)} – ${one(last)}`;
  return formatter(first.known).formatRange(first.date, last.date);
}

function formatter(known: Exclude<Known, 1>): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(texts.locale, FORMATS[known]);
}
