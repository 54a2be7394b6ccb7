import "./button.css";

import { button, icon, ICONS } from "../ui/dom";
import { texts } from "../ui/texts";

/** Let the picture on a card lead to a closer look: by its own button, and by a click on it. */
export function addLookButton(card: HTMLElement, look: () => void): void {
  const figure = card.querySelector<HTMLElement>(".card-picture");
  const image = figure?.querySelector("img");
  if (!figure || !image) return;
  image.addEventListener("click", look);
  figure.append(
    button(
      { class: "look-button", "aria-label": texts.look.open, title: texts.look.open },
      look,
      icon(ICONS.search),
    ),
  );
}
