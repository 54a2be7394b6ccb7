import { el } from "../../ui/dom";
import type { Choice } from "../classes";
import type { Sign } from "./shapes";

/** Colours of signs come from the style sheet, which knows the theme. */
const COLOUR = "--class";

/** What a sign looks like whose colour is not known. */
const UNKNOWN: Sign = { form: "●", colour: "#55504a" };

/** The signs of the classes as they are drawn on a canvas. */
export class Signs {
  readonly #room: HTMLElement;
  #signs = new Map<string, Sign>();

  /** `room` is an element of the page, under which the style sheet's colours hold. */
  constructor(room: HTMLElement) {
    this.#room = room;
  }

  refresh(choices: readonly Choice[]): void {
    this.#signs = new Map(choices.map((choice) => [choice.name, this.#signOf(choice)]));
  }

  of(name: string): Sign {
    return this.#signs.get(name) ?? UNKNOWN;
  }

  #signOf({ sign, look }: Choice): Sign {
    const probe = el("span", { class: look, hidden: true });
    this.#room.append(probe);
    const colour = window.getComputedStyle(probe).getPropertyValue(COLOUR).trim();
    probe.remove();
    return { form: sign, colour: colour || UNKNOWN.colour };
  }
}
