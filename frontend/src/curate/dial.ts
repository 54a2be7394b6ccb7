import { el } from "../ui/dom";
import { between, direction, wrapped } from "./angles";
import { texts } from "./texts";

const SVG = "http://www.w3.org/2000/svg";

/** Degrees between two ticks of the dial. */
const TICK_DEG = 10;

/** A picture that is turned by dragging around its centre, under guides that stay. */
export class Dial {
  readonly element: HTMLElement;
  readonly #picture = el("img", { class: "dial-picture", alt: "", draggable: false });
  readonly #ring: SVGElement;
  readonly #changed: (degrees: number) => void;
  #degrees = 0;
  #held: { pointer: number; from: number; degrees: number } | null = null;

  /** `changed` is told the angle whenever it is turned here. */
  constructor(changed: (degrees: number) => void) {
    this.#changed = changed;
    this.#ring = drawing("dial-ring", ticks());
    this.element = el(
      "div",
      {
        class: "dial",
        role: "slider",
        tabindex: 0,
        "aria-label": texts.dial.label,
        "aria-valuemin": -180,
        "aria-valuemax": 180,
      },
      el("div", { class: "dial-frame" }, this.#picture),
      drawing("dial-guides", guides()),
      this.#ring,
    );
    this.element.addEventListener("pointerdown", this.#down);
    this.element.addEventListener("pointermove", this.#move);
    for (const end of ["pointerup", "pointercancel"])
      this.element.addEventListener(end, () => {
        this.#held = null;
      });
    this.set(0);
  }

  /** How far the specimen lies turned from upright, anticlockwise; the picture undoes it. */
  get degrees(): number {
    return this.#degrees;
  }

  set(degrees: number): void {
    this.#degrees = wrapped(degrees);
    this.#picture.style.transform = `rotate(${this.#degrees}deg)`;
    this.#ring.style.transform = `rotate(${this.#degrees}deg)`;
    this.element.setAttribute("aria-valuenow", String(this.#degrees));
    this.element.setAttribute("aria-valuetext", texts.dial.value(this.#degrees));
  }

  /** Show another picture; the promise fails if it cannot be had. */
  async show(address: string, alt: string): Promise<void> {
    const next = new Image();
    next.src = address;
    await next.decode();
    this.#picture.src = address;
    this.#picture.alt = alt;
    // its diagonal fits the ring, so that nothing is cut off at any angle
    const diagonal = Math.hypot(next.naturalWidth, next.naturalHeight);
    this.#picture.style.width = `${(100 * next.naturalWidth) / diagonal}%`;
    this.#picture.style.height = `${(100 * next.naturalHeight) / diagonal}%`;
  }

  clear(): void {
    this.#picture.removeAttribute("src");
    this.#picture.alt = "";
  }

  readonly #down = (event: PointerEvent): void => {
    if (!event.isPrimary || event.button !== 0) return;
    event.preventDefault();
    this.element.focus({ preventScroll: true });
    this.element.setPointerCapture(event.pointerId);
    this.#held = {
      pointer: event.pointerId,
      from: this.#direction(event),
      degrees: this.#degrees,
    };
  };

  readonly #move = (event: PointerEvent): void => {
    if (this.#held?.pointer !== event.pointerId) return;
    const now = this.#direction(event);
    // summed step by step, so that a full turn does not jump back
    const degrees = this.#held.degrees + between(this.#held.from, now);
    this.#held = { ...this.#held, from: now, degrees };
    this.set(degrees);
    this.#changed(this.#degrees);
  };

  #direction(event: PointerEvent): number {
    const box = this.element.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    return direction(event.clientX - x, event.clientY - y);
  }
}

function drawing(className: string, strokes: string): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "-100 -100 200 200");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", strokes);
  svg.append(path);
  return svg;
}

/** Strokes of the ring: long ones each quarter, and an arrow at the top. */
function ticks(): string {
  const strokes = [];
  for (let degrees = 0; degrees < 360; degrees += TICK_DEG) {
    const angle = (degrees * Math.PI) / 180;
    const [x, y] = [Math.sin(angle), -Math.cos(angle)];
    const inner = degrees % 90 === 0 ? 91 : degrees % 30 === 0 ? 94 : 96;
    strokes.push(`M${fixed(inner * x)} ${fixed(inner * y)}L${fixed(98.5 * x)} ${fixed(98.5 * y)}`);
  }
  return `${strokes.join("")}M0 -88L-3 -82H3Z`;
}

/** Strokes of the guides: level lines, and one upright through the middle. */
function guides(): string {
  const level = [-60, -40, -20, 0, 20, 40, 60].map((y) => {
    const half = fixed(Math.sqrt(88 * 88 - y * y));
    return `M-${half} ${y}H${half}`;
  });
  return `${level.join("")}M0 -88V88`;
}

function fixed(value: number): string {
  return value.toFixed(2);
}
