import type { ReadableAtlas } from "../data/open";
import { type Texts, texts } from "./texts";

/** Languages that the page speaks, each by its own name. */
export const LANGUAGES = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof LANGUAGES;

const ENGLISH: Texts = { ...texts };

/** Every other language is fetched only where it is spoken. */
const OTHERS: Record<Exclude<Language, "en">, () => Promise<Texts>> = {
  de: async () => (await import("./texts.de")).german,
};

/** The language that is spoken now. */
export function spoken(): Language {
  return isLanguage(document.documentElement.lang) ? document.documentElement.lang : "en";
}

/**
 * Choose the language: that of the address (`?lang=de`), or the collection's, or the first of the
 * visitor's that the page speaks, or English.
 */
export function chooseLanguage(
  search: string,
  collection: string,
  visitor: readonly string[],
): Language {
  const wanted = [new URLSearchParams(search).get("lang") ?? "", collection, ...visitor];
  for (const code of wanted) {
    const [main = ""] = code.toLowerCase().split("-");
    if (isLanguage(main)) return main;
  }
  return "en";
}

/** Bring all texts to a language; they are read when the page is made, so this comes before. */
export async function speak(language: Language): Promise<void> {
  // without its file the page still speaks English
  const found = language === "en" ? null : await OTHERS[language]().catch(() => null);
  Object.assign(texts, found ?? ENGLISH);
  document.documentElement.lang = found ? language : "en";
}

/** Bring texts of a part that is loaded late to the language that is spoken. */
export async function speakAsPage<T extends object>(
  english: T,
  others: Record<Exclude<Language, "en">, () => Promise<T>>,
): Promise<void> {
  const language = spoken();
  // without its file the part still speaks English
  if (language !== "en") Object.assign(english, await others[language]().catch(() => ({})));
}

/** Name the columns of an atlas, and put its texts, in the language that is spoken. */
export function translate(atlas: ReadableAtlas): void {
  const fields = atlas.search?.indexes.flatMap((index) => index.fields) ?? [];
  for (const named of [...atlas.dictionaries, ...(atlas.numbers ?? []), ...fields])
    named.label = texts.terms[named.column] ?? named.label;
  const { layout_titles: titles = {}, ...told } = { ...atlas.translations?.[spoken()] };
  for (const layout of atlas.layouts ?? [])
    if (Object.hasOwn(titles, layout.name)) layout.title = titles[layout.name] ?? "";
  for (const [name, text] of Object.entries(told)) if (text) Object.assign(atlas, { [name]: text });
}

/** The address of this page in another language. */
export function addressIn(language: Language, address: string): string {
  const url = new URL(address);
  url.searchParams.set("lang", language);
  return url.href;
}

function isLanguage(code: string): code is Language {
  return Object.hasOwn(LANGUAGES, code);
}
