import "./similar.css";

import type { DataSource } from "../data/source";
import { button, el } from "../ui/dom";
import { titleOf } from "../ui/names";
import { texts } from "../ui/texts";
import { thumbnail } from "./rowlist";

/** Make a section of what looks most like the medium of a row; hidden where nothing is known. */
export function similar(source: DataSource, row: number, open: (row: number) => void): HTMLElement {
  const list = el("ul", { class: "similar-list" });
  const heading = el("h3", {}, texts.similar.title);
  const section = el("section", { class: "card-similar", hidden: true }, heading, list);
  void fillPictures(source, source.neighbours(row), open, list).then((n) => {
    section.hidden = n === 0;
  });
  return section;
}

/** Add pictures of media to a list, and return how many; one that cannot be read is left out. */
export async function fillPictures(
  source: DataSource,
  wanted: Promise<number[]>,
  open: (row: number) => void,
  list: HTMLElement,
): Promise<number> {
  const rows = await wanted.catch(() => []);
  const made = await Promise.all(rows.map((near) => picture(source, near, open)));
  const shown = made.filter((one) => one !== null);
  list.append(...shown.map((one) => el("li", {}, one)));
  return shown.length;
}

async function picture(
  source: DataSource,
  row: number,
  open: (row: number) => void,
): Promise<HTMLElement | null> {
  const card = await source.card(row).catch(() => null);
  const [image] = card ? thumbnail(card, source) : [];
  if (!card || !image) return null;
  const name = titleOf(card);
  const choose = (): void => {
    open(row);
  };
  return button(
    { class: "similar", title: name, "aria-label": texts.similar.open(name) },
    choose,
    image,
  );
}
