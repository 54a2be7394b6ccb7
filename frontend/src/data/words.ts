import type { Search } from "../schema";

/** How a text becomes words, as the atlas says. */
export type Folding = Pick<Search, "folds" | "max_letters">;

/** Return the words of a text, in its order. */
export function wordsOf(text: string, { folds, max_letters }: Folding): string[] {
  const bare = text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}+/gu, "");
  const plain = Array.from(bare, (letter) => folds[letter] ?? letter).join("");
  const words = plain.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  return words.map((word) => Array.from(word).slice(0, max_letters).join(""));
}

/**
 * Whether a word begins with what was typed but for one slip.
 *
 * A slip is a letter too many, one missing, another letter, or two exchanged.
 */
export function nearlyBegins(word: string, typed: string): boolean {
  let at = 0;
  while (at < typed.length && at < word.length && typed[at] === word[at]) at++;
  const rest = typed.slice(at);
  return (
    rest.length <= 1 ||
    word.startsWith(rest, at + 1) ||
    word.startsWith(rest.slice(1), at + 1) ||
    word.startsWith(rest.slice(1), at) ||
    (word[at] === rest[1] && word[at + 1] === rest[0] && word.startsWith(rest.slice(2), at + 2))
  );
}

/** Negative if a comes before b in the order of their UTF-8 bytes, 0 if they are the same. */
export function compareBytes(a: string, b: string): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++)
    if (a[i] !== b[i]) return byteOrder(a.charCodeAt(i)) - byteOrder(b.charCodeAt(i));
  return a.length - b.length;
}

/** In UTF-16 halves of far letters come before U+E000, in UTF-8 after all of one unit. */
function byteOrder(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** Return the classes of the letters of a word, three in a row; the space before it is one. */
export function gramClasses(word: string, nGrams: number): number[] {
  const letters = Array.from(` ${word}`, (letter) => letter.codePointAt(0) ?? 0);
  const classes = letters
    .slice(2)
    .map((c, i) => (((letters[i] ?? 0) * 31 + (letters[i + 1] ?? 0)) * 31 + c) % nGrams);
  return [...new Set(classes)].sort((a, b) => a - b);
}
