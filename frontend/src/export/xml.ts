/** XML that is already written; all else is text and is escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Return an element; texts are escaped. */
export function xml(
  tag: string,
  attributes: Readonly<Record<string, string>>,
  ...children: (Markup | string)[]
): Markup {
  const told = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`);
  const inner = children.map((one) => (one instanceof Markup ? one.text : escaped(one))).join("");
  return new Markup(`<${tag}${told.join("")}>${inner}</${tag}>`);
}

const SIGNS: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** A text as XML holds it; characters that no XML may hold are left out. */
function escaped(text: string): string {
  // eslint-disable-next-line no-control-regex
  const allowed = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
  return allowed.replace(/[&<>"]/g, (sign) => SIGNS[sign] ?? "");
}
