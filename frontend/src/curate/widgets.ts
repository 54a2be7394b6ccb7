import { button, el, icon } from "../ui/dom";
import type { Medium } from "./schema";

/** Make a button at the foot of the page, with its key. */
export function action(
  label: string,
  key: string,
  act: () => void,
  className = "",
): HTMLButtonElement {
  const made = button(
    { class: `action ${className}`.trim() },
    act,
    el("span", {}, label),
    el("kbd", { "aria-hidden": true }, key),
  );
  made.setAttribute("aria-keyshortcuts", key);
  return made;
}

/** Make a square button with an icon. */
export function iconButton(label: string, strokes: string, act: () => void): HTMLButtonElement {
  return button({ class: "tool", "aria-label": label, title: label }, act, icon(strokes));
}

/** The lines above the picture: what it is, what the machine thinks, what a person said. */
export function heading() {
  const caption = el("h2", { class: "medium-caption" });
  const file = el("span", { class: "medium-file" });
  const notes = el("span", { class: "medium-notes" });
  const judged = el("span", { class: "medium-judged" });
  const element = el(
    "header",
    { class: "medium" },
    caption,
    el("p", { class: "medium-lines" }, file, notes, judged),
  );
  return {
    element,
    show(medium: Medium, lines: readonly string[], said: string): void {
      caption.textContent = medium.caption;
      caption.classList.toggle("named", isNamed(medium));
      file.textContent = medium.file === medium.caption ? "" : medium.file;
      notes.textContent = lines.filter(Boolean).join(" · ");
      judged.textContent = said;
    },
    clear(): void {
      for (const part of [caption, file, notes, judged]) part.textContent = "";
    },
  };
}

/** True if the caption is the name of a species and not of a file. */
export function isNamed({ caption, file, id }: Medium): boolean {
  return caption !== file && caption !== id;
}

/** Strokes of the icons in use. */
export const ICONS = {
  brush: "M14.5 4.5l5 5L10 19c-2.5 2.5-6 1.5-6 1.5s1-1.2 1-3.5c0-1.4.6-2.4 1.5-3.3z",
  eraser:
    "M8.5 19.5h11M4.6 14.4l8.8-8.8a2 2 0 0 1 2.8 0l3.2 3.2a2 2 0 0 1 0 2.8l-7.9 7.9H8.2l-3.6-3.6a1 1 0 0 1 0-1.5zM9.5 9.5l6 6",
  polygon: "M5 8l8-4 7 7-4 8-10 1z",
  "polygon-cut": "M5 8l8-4 7 7-4 8-10 1zM8.5 12.5h6",
  hand: "M12 3v18M3 12h18M12 3l-3 3M12 3l3 3M12 21l-3-3M12 21l3-3M3 12l3-3M3 12l3 3M21 12l-3-3M21 12l-3 3",
  back: "M8.5 6L4 10.5 8.5 15M4 10.5h9.5a5 5 0 0 1 0 10H9",
  forth: "M15.5 6L20 10.5 15.5 15M20 10.5h-9.5a5 5 0 0 0 0 10H15",
  holes:
    "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6M7 7l2.5 2.5M14.5 14.5L17 17",
  tint: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6",
  left: "M6 5v5h5M6.3 10A7.5 7.5 0 1 1 4.8 15",
  right: "M18 5v5h-5M17.7 10A7.5 7.5 0 1 0 19.2 15",
};
