/** Bytes of an atlas that are kept at most, besides the page itself. */
export const BUDGET = 256 * 2 ** 20;

const PREFIX = "wunderkammer ";

/** The cache of the page and of `atlas.json`; `scope` is the address of the atlas's folder. */
export function pageCache(scope: string): string {
  return `${PREFIX}${scope} page`;
}

/** The cache of the files of one edition of an atlas, by the digest of its `atlas.json`. */
export function editionCache(scope: string, edition: string): string {
  return `${PREFIX}${scope} edition ${edition}`;
}

/** Whether a cache is of this atlas: another on the same host has other names. */
export function isOurs(name: string, scope: string): boolean {
  return name.startsWith(`${PREFIX}${scope} `);
}

/** Whether a cache holds the files of an edition of this atlas. */
export function isEdition(name: string, scope: string): boolean {
  return name.startsWith(`${PREFIX}${scope} edition `);
}
