import type { DataSource } from "../data/source";
import { el } from "../ui/dom";
import { texts } from "../ui/texts";
import { fillPictures } from "./similar";

/** Make a section of further media of the specimen of a card; hidden where there are none. */
export function siblings(
  source: DataSource,
  rows: readonly number[],
  open: (row: number) => void,
): HTMLElement | null {
  if (rows.length === 0) return null;
  const list = el("ul", { class: "similar-list" });
  const heading = el("h3", {}, texts.card.siblings);
  const section = el("section", { class: "card-similar", hidden: true }, heading, list);
  void fillPictures(source, Promise.resolve([...rows]), open, list).then((n) => {
    section.hidden = n === 0;
  });
  return section;
}
