import { button, el } from "./dom";
import { texts } from "./texts";

/** Windows of this width and less show the card as a sheet; panel.css says the same. */
const NARROW = "(max-width: 719px)";

/** A drag shorter than this is a tap. */
const TAP_PX = 6;

/** A drag of this share of the window's height changes the sheet's size or closes it. */
const DRAG_SHARE = 0.12;

/** Makes an element of the page a sheet that is dragged by its head: half, full, or closed. */
export class Sheet {
  /** The handle at the top of the sheet; also a button for keyboards. */
  readonly grip: HTMLButtonElement;
  readonly #element: HTMLElement;
  readonly #close: () => void;
  readonly #narrow = window.matchMedia(NARROW);
  #from: number | null = null;

  constructor(element: HTMLElement, head: HTMLElement, close: () => void) {
    this.#element = element;
    this.#close = close;
    this.grip = button(
      { class: "sheet-grip" },
      () => {
        this.#resize(!this.#full);
      },
      el("span", { class: "sheet-bar" }),
    );
    this.reset();
    for (const handle of [this.grip, head]) this.#listen(handle);
  }

  /** True while the window is narrow. */
  get active(): boolean {
    return this.#narrow.matches;
  }

  /** Pixels of the window that the sheet covers at rest. */
  get height(): number {
    return this.#element.offsetHeight;
  }

  /** Back to half the window. */
  reset(): void {
    this.#resize(false);
  }

  get #full(): boolean {
    return this.#element.dataset["size"] === "full";
  }

  #resize(full: boolean): void {
    this.#element.dataset["size"] = full ? "full" : "half";
    this.grip.setAttribute("aria-label", full ? texts.reduce : texts.enlarge);
    this.grip.setAttribute("aria-expanded", String(full));
  }

  #listen(handle: HTMLElement): void {
    handle.addEventListener("pointerdown", (event) => {
      if (!this.active || !event.isPrimary || isControl(event, handle)) return;
      this.#from = event.clientY;
      handle.setPointerCapture(event.pointerId);
    });
    handle.addEventListener("pointermove", (event) => {
      if (this.#from === null) return;
      this.#shift(event.clientY - this.#from);
    });
    handle.addEventListener("pointerup", (event) => {
      if (this.#from === null) return;
      const moved = event.clientY - this.#from;
      this.#end();
      this.#settle(moved);
    });
    handle.addEventListener("pointercancel", () => {
      this.#end();
    });
    // a drag that ends on the grip is not also a click
    handle.addEventListener(
      "click",
      (event) => {
        if (this.#element.dataset["dragged"]) event.stopImmediatePropagation();
      },
      { capture: true },
    );
  }

  /** Follow the finger: down moves the sheet out, up is only hinted at. */
  #shift(pixels: number): void {
    if (Math.abs(pixels) > TAP_PX) this.#element.dataset["dragged"] = "true";
    const shown = pixels > 0 ? pixels : pixels / 4;
    this.#element.style.transform = `translateY(${shown}px)`;
  }

  #end(): void {
    this.#from = null;
    this.#element.style.transform = "";
    window.setTimeout(() => delete this.#element.dataset["dragged"]);
  }

  #settle(moved: number): void {
    const enough = DRAG_SHARE * window.innerHeight;
    if (moved < -enough) this.#resize(true);
    else if (moved > enough && this.#full) this.#resize(false);
    else if (moved > enough) this.#close();
  }
}

/** True if the pointer is on a button inside the handle. */
function isControl(event: Event, handle: HTMLElement): boolean {
  const target = event.target instanceof Element ? event.target.closest("button, a") : null;
  return target !== null && target !== handle;
}
