import type { Liked } from "../curate/schema";
import type { DataSource } from "../data/source";
import { thumbnail } from "../panels/rowlist";
import { button, el } from "../ui/dom";
import { nameOf, titleOf } from "../ui/names";
import type { Looked } from "./asking";
import { texts } from "./texts";

/** A medium of the atlas that is like a photograph. */
export interface Like {
  readonly row: number;
  readonly similarity: number;
}

/** Return those media that this edition of the atlas shows. */
export async function rowsOf(source: Pick<DataSource, "rowOf">, { media }: Liked): Promise<Like[]> {
  const found = await Promise.all(
    media.map(async ({ id, similarity }) => {
      const row = await source.rowOf(id).catch(() => null);
      return row === null ? null : { row, similarity };
    }),
  );
  return found.filter((one) => one !== null);
}

/** Show what was compared, and the media that are like it, the likest first. */
export function results(
  source: DataSource,
  { picture, caption, likes }: Looked,
  open: (row: number) => void,
): HTMLElement {
  const compared = el(
    "figure",
    { class: "photo-compared" },
    el("img", { src: picture, alt: texts.compared }),
    el("figcaption", {}, caption),
  );
  const list = el("ol", { class: "photo-list", "aria-label": texts.list });
  for (const like of likes) {
    const line = el("li");
    list.append(line);
    void fill(line, source, like, open);
  }
  const nothing = likes.length ? null : el("p", { class: "photo-promise" }, texts.nothing);
  return el("div", { class: "photo-result" }, compared, list, nothing);
}

async function fill(
  line: HTMLElement,
  source: DataSource,
  { row, similarity }: Like,
  open: (row: number) => void,
): Promise<void> {
  const card = await source.card(row).catch(() => null);
  if (!card) {
    line.remove();
    return;
  }
  const choose = (): void => {
    open(row);
  };
  const label = texts.similarityOf(titleOf(card), similarity);
  line.append(
    button(
      { class: "photo-like", "aria-label": label },
      choose,
      el("span", { class: "photo-picture" }, ...thumbnail(card, source)),
      el("span", { class: "photo-name" }, nameOf(card)),
      el("span", { class: "photo-similarity" }, texts.similarity(similarity)),
    ),
  );
}
