import type { Card, Picture } from "../schema";
import { button, el } from "./dom";
import { titleOf } from "./names";
import { texts } from "./texts";

/** Turns the path of a picture into its address. */
export type AddressOf = (path: string) => string;

/**
 * Make the picture of a card: the specimen upright, or its photograph with the label; a switch
 * between them where both exist. Null where there is neither.
 */
export function cardPicture(card: Card, addressOf: AddressOf): HTMLElement | null {
  const { upright, picture } = card;
  const first = upright ?? picture;
  if (!first) return null;
  const figure = el("figure", { class: "card-picture" });
  const show = (shown: Picture): void => {
    figure.classList.toggle("cut-out", shown === upright);
    figure.replaceChildren(imageOf(shown, card, addressOf));
    if (upright && picture) figure.append(choice(shown === upright, show, upright, picture));
  };
  show(first);
  return figure;
}

function choice(
  isUpright: boolean,
  show: (shown: Picture) => void,
  upright: Picture,
  original: Picture,
): HTMLElement {
  const one = (label: string, on: boolean, shown: Picture): HTMLElement =>
    button(
      { class: "segment", "aria-pressed": String(on) },
      () => {
        const group = made.parentElement;
        show(shown);
        group?.querySelector<HTMLElement>(".segment[aria-pressed=true]")?.focus();
      },
      label,
    );
  const made = el(
    "div",
    { class: "segments picture-choice", role: "group", "aria-label": texts.card.which },
    one(texts.card.upright, isUpright, upright),
    one(texts.card.original, !isUpright, original),
  );
  return made;
}

function imageOf(picture: Picture, card: Card, addressOf: AddressOf): HTMLElement {
  const image = el("img", {
    alt: texts.card.pictureOf(titleOf(card)),
    width: picture.width,
    height: picture.height,
    decoding: "async",
    draggable: "false",
  });
  const missing = el("p", { class: "card-missing" }, texts.card.pictureFailed);
  image.addEventListener("error", () => {
    image.replaceWith(missing);
  });
  try {
    image.src = addressOf(picture.path);
  } catch {
    return missing;
  }
  return image;
}
