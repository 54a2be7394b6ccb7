/** A part of a file that is kept: bytes from `first` to `end`, exclusive. */
export interface Piece {
  readonly first: number;
  readonly end: number;
  /** The address under which it is kept. */
  readonly key: string;
}

/** Return the pieces that together hold bytes `first` to `end`, in order; null if some lack. */
export function covering(pieces: readonly Piece[], first: number, end: number): Piece[] | null {
  const found: Piece[] = [];
  let at = first;
  while (at < end) {
    const here = pieces.filter((one) => one.first <= at && one.end > at);
    const [best] = here.sort((a, b) => b.end - a.end);
    if (!best) return null;
    found.push(best);
    at = best.end;
  }
  return found;
}

/** Return what `Range: bytes=3-9` asks for, as first and end; null if it is anything else. */
export function rangeOf(header: string): [first: number, end: number] | null {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(header) ?? [];
  if (first === undefined || last === undefined || Number(last) < Number(first)) return null;
  return [Number(first), Number(last) + 1];
}

const MARK = "wk-kept";

/** The address under which bytes of a file are kept: it tells which, and how many there are. */
export function keyOf(url: string, first: number, end: number, whole: boolean): string {
  const key = new URL(url);
  key.hash = "";
  key.search = `?${MARK}=${first}-${end}${whole ? "-whole" : ""}`;
  return key.href;
}

/** Return what a key tells, or null if it is none. */
export function pieceOf(key: string): { url: string; piece: Piece; whole: boolean } | null {
  const url = new URL(key);
  const told = url.searchParams.get(MARK) ?? "";
  const [, first, end, whole] = /^(\d+)-(\d+)(-whole)?$/.exec(told) ?? [];
  if (first === undefined || end === undefined) return null;
  url.search = "";
  const piece = { first: Number(first), end: Number(end), key };
  return { url: url.href, piece, whole: whole !== undefined };
}
