import { button, el, icon } from "../ui/dom";
import type { Api, Kind } from "./api";
import { wrapped } from "./angles";
import { Dial } from "./dial";
import type { Medium } from "./schema";
import type { Visit } from "./statements";
import { texts } from "./texts";
import { action, heading, ICONS } from "./widgets";
import type { Surroundings, Workbench } from "./workbench";

/** Turning specimens upright: a dial around the cut-out, or around the photograph. */
export class UprightBench implements Workbench {
  readonly element: HTMLElement;
  readonly actions: readonly HTMLElement[];
  readonly dirty = false;
  readonly #api: Api;
  readonly #visit: Visit;
  readonly #around: Surroundings;
  readonly #heading = heading();
  readonly #dial: Dial;
  readonly #field = el("input", {
    type: "number",
    class: "degrees",
    step: "0.1",
    min: -180,
    max: 180,
    id: "degrees",
  });
  readonly #machine: HTMLButtonElement;
  #medium: Medium | null = null;

  constructor(api: Api, visit: Visit, around: Surroundings) {
    this.#api = api;
    this.#visit = visit;
    this.#around = around;
    this.#dial = new Dial(() => {
      this.#fill();
    });
    this.#field.addEventListener("input", () => {
      const degrees = this.#field.valueAsNumber;
      if (Number.isFinite(degrees)) this.#dial.set(degrees);
    });
    this.#machine = button(
      { class: "choice", title: `${texts.dial.machine} (P)` },
      () => {
        this.#asTheMachine();
      },
      texts.dial.machine,
    );
    this.actions = [
      action(texts.previous, "PageUp", () => void around.previous(), "quiet"),
      action(texts.skip, "S", () => void around.next()),
      action(texts.dial.save, "Enter", () => void this.#save(), "strong"),
    ];
    this.element = el(
      "div",
      { class: "bench bench-upright" },
      this.#heading.element,
      el("div", { class: "dial-room" }, this.#dial.element),
      this.#controls(),
    );
  }

  async show(medium: Medium): Promise<void> {
    this.#medium = medium;
    this.update(medium);
    const { judgement, turned_deg: turned } = medium;
    this.#turn(judgement.angle_deg ?? turned ?? 0);
    await this.#dial.show(this.#api.address(medium.id, this.shows(medium)), medium.caption);
    this.#dial.element.focus({ preventScroll: true });
  }

  shows({ cutouts }: Medium): Kind {
    return cutouts.length ? "cutout" : "photograph";
  }

  clear(): void {
    this.#medium = null;
    this.#heading.clear();
    this.#dial.clear();
  }

  update(medium: Medium): void {
    if (medium.id !== this.#medium?.id) return;
    this.#medium = medium;
    this.#machine.disabled = typeof medium.turned_deg !== "number" || medium.made_by === "person";
    const notes = [texts.state(medium, "upright")];
    this.#heading.show(medium, notes, texts.judged(medium, "upright"));
  }

  key(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey) return false;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const fine = event.shiftKey ? 10 : 1;
    const turns: Record<string, number> = {
      ArrowRight: fine,
      ArrowLeft: -fine,
      ArrowUp: -90,
      ArrowDown: 90,
      q: -90,
      e: 90,
    };
    const turn = turns[key];
    if (turn !== undefined) this.#turn(this.#dial.degrees + turn);
    else if (key === "0" || key === "Home") this.#turn(0);
    else if (key === "p") this.#asTheMachine();
    else if (key === "s" || key === "PageDown") void this.#around.next();
    else if (key === "PageUp") void this.#around.previous();
    else if (key === "Enter") void this.#save();
    else return false;
    return true;
  }

  mayLeave(): Promise<boolean> {
    return Promise.resolve(true);
  }

  #controls(): HTMLElement {
    const quarter = (label: string, strokes: string, by: number): HTMLElement =>
      button(
        { class: "choice with-icon", "data-turn": by },
        () => {
          this.#turn(this.#dial.degrees + by);
        },
        icon(strokes),
        el("span", {}, label),
      );
    return el(
      "div",
      { class: "dial-controls" },
      quarter(texts.dial.left, ICONS.left, -90),
      el(
        "label",
        { class: "degrees-label", for: "degrees" },
        el("span", {}, texts.dial.field),
        this.#field,
      ),
      quarter(texts.dial.right, ICONS.right, 90),
      button(
        { class: "choice", title: `${texts.dial.reset} (0)` },
        () => {
          this.#turn(0);
        },
        texts.dial.reset,
      ),
      this.#machine,
    );
  }

  #turn(degrees: number): void {
    this.#dial.set(wrapped(degrees));
    this.#fill();
  }

  #fill(): void {
    this.#field.value = String(this.#dial.degrees);
  }

  #asTheMachine(): void {
    const turned = this.#medium?.turned_deg;
    if (!this.#machine.disabled && typeof turned === "number") this.#turn(turned);
  }

  async #save(): Promise<void> {
    const medium = this.#medium;
    if (!medium) return;
    const value = String(this.#dial.degrees);
    await this.#around.busy(async () => {
      await this.#visit.state(medium.id, [{ term: "angle_deg", value }]);
      await this.#around.next();
    });
  }
}
