import { formatPlace, parsePlace, type Place, type View } from "./place";

/** The map has to rest this long before its view is written to the address. */
const REST_MS = 400;

/** Zoom steps, or widths of the window, that make a move worth a step back. */
const FAR_ZOOM = 1;
const FAR_SCREENS = 0.5;

/** What navigation asks of the page. */
export interface Page {
  /** Where the page is now. */
  place(): Place;
  /** Bring the page to a place, at once. */
  go(place: Place): void;
  /** Pixels, at the highest zoom, across the window. */
  span(): number;
}

/**
 * Keeps the address and the page in step.
 *
 * A card opened or closed, another query or colour, and a move of some length are steps of the
 * history; small moves and panels only change the address of the present one.
 */
export class Navigation {
  readonly #page: Page;
  readonly #window: Window;
  #timer = 0;
  #pushed: View | null = null;
  #going = false;

  constructor(page: Page, window: Window) {
    this.#page = page;
    this.#window = window;
    const follow = (): void => {
      this.go(parsePlace(window.location.hash));
    };
    window.addEventListener("popstate", follow);
  }

  /** Bring the page to a place and write where it then is, without a step in the history. */
  go(place: Place): void {
    this.#window.clearTimeout(this.#timer);
    this.#going = true;
    this.#page.go(place);
    this.#going = false;
    this.#pushed = this.#page.place().view;
  }

  /** To be called when the view has changed. */
  moved(): void {
    if (this.#going) return;
    this.#window.clearTimeout(this.#timer);
    this.#timer = this.#window.setTimeout(() => {
      this.#write(this.#isFar());
    }, REST_MS);
  }

  /** To be called when a card has been opened or closed, or something else is looked for. */
  turned(): void {
    if (this.#going) return;
    this.#write(true);
  }

  /** To be called when a place has been reached only now, or what changed is no step. */
  adjusted(): void {
    if (this.#going) return;
    this.#write(false);
    this.#pushed = this.#page.place().view;
  }

  #write(step: boolean): void {
    this.#window.clearTimeout(this.#timer);
    const place = this.#page.place();
    const address = formatPlace(place);
    if (address === this.#window.location.hash) return;
    if (step) this.#window.history.pushState(null, "", address);
    else this.#window.history.replaceState(null, "", address);
    if (step) this.#pushed = place.view;
  }

  #isFar(): boolean {
    const [from, to] = [this.#pushed, this.#page.place().view];
    if (!from || !to) return false;
    const pixels = Math.hypot(to.x - from.x, to.y - from.y);
    return Math.abs(to.zoom - from.zoom) >= FAR_ZOOM || pixels > FAR_SCREENS * this.#page.span();
  }
}
