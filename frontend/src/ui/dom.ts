type Child = Node | string | null;

/** Attributes by name; `undefined` and `false` leave one out, `true` writes it without a value. */
type Attributes = Record<string, string | number | boolean | undefined>;

/** Make an element; strings become text, never HTML, and null children are left out. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== false)
      element.setAttribute(name, value === true ? "" : String(value));
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Make a button that calls `action`. */
export function button(attributes: Attributes, action: () => void, ...children: Child[]) {
  const made = el("button", { type: "button", ...attributes }, ...children);
  made.addEventListener("click", action);
  return made;
}

/** Return an address if it is a full http or https one, else null. */
export function webAddress(address: string): string | null {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
}

/** Make a link that leaves the page; an address that is not of the web gives plain text. */
export function outwardLink(address: string, text: string, className?: string): HTMLElement {
  const href = webAddress(address);
  if (!href) return el("span", { class: className }, text);
  return el("a", { class: className, href, target: "_blank", rel: "noopener noreferrer" }, text);
}

const SVG = "http://www.w3.org/2000/svg";

/** Make an icon of 24 by 24 from the `d` of its strokes. */
export function icon(strokes: string): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", strokes);
  svg.append(path);
  return svg;
}

/** Strokes of the icons in use. */
export const ICONS = {
  close: "M6 6l12 12M18 6L6 18",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  whole: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13M15.2 15.2L20 20",
  filters: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.8v4.4M9 14.8v4.4",
  colour:
    "M12 3.5c3.6 4.2 5.8 7 5.8 10a5.8 5.8 0 0 1-11.6 0c0-3 2.2-5.8 5.8-10M12 16.8a3 3 0 0 0 3-3",
  list: "M4 6h2M4 12h2M4 18h2M10 6h10M10 12h10M10 18h10",
  select:
    "M4 9V6a2 2 0 0 1 2-2h3M15 4h3a2 2 0 0 1 2 2v3M20 15v3a2 2 0 0 1-2 2h-3M9 20H6a2 2 0 0 1-2-2v-3",
  download: "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14",
  link: "M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1",
  layouts: "M4 5h7v6H4zM15 5h5v4h-5zM15 13h5v6h-5zM4 15h7v4H4z",
  about: "M12 11v6M12 7.2v.1M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0",
};
