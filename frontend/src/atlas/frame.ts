import * as L from "leaflet";

import type { Sprite } from "../data/points";
import { bounds } from "./crs";

const SVG = "http://www.w3.org/2000/svg";

/** A frame is never smaller than this on the screen, so that small sprites are found. */
const LEAST_PX = 18;

/** Space between a sprite and its frame on the screen. */
const AIR_PX = 4;

/** An outline around one sprite: the one under the pointer, or the one whose card is open. */
export class Frame {
  readonly #map: L.Map;
  readonly #overlay: L.SVGOverlay;
  readonly #maxZoom: () => number;
  readonly #drawn: (sprite: Sprite) => Promise<Sprite>;
  #sprite: Sprite | null = null;
  #asked = 0;

  /**
   * `maxZoom` gives the zoom at which sprites are measured; `drawn` gives the place and size
   * in which a sprite is seen now.
   */
  constructor(
    map: L.Map,
    maxZoom: () => number,
    className: string,
    drawn: (sprite: Sprite) => Promise<Sprite>,
  ) {
    this.#map = map;
    this.#maxZoom = maxZoom;
    this.#drawn = drawn;
    this.#overlay = new L.SVGOverlay(
      drawing(),
      [
        [0, 0],
        [0, 0],
      ],
      {
        className: `frame ${className}`,
        interactive: false,
      },
    );
    map.on("zoomend", () => {
      if (this.#sprite) void this.#frame(this.#sprite);
    });
  }

  /** Put the frame around a sprite, or take it away. */
  show(sprite: Sprite | null): void {
    this.#sprite = sprite;
    if (sprite) {
      void this.#frame(sprite);
      return;
    }
    this.#asked++;
    this.#overlay.remove();
  }

  async #frame(sprite: Sprite): Promise<void> {
    const asked = ++this.#asked;
    const drawn = await this.#drawn(sprite);
    if (asked !== this.#asked) return;
    this.#place(drawn);
    this.#overlay.addTo(this.#map);
  }

  #place({ x, y, w, h }: Sprite): void {
    const pixels = this.#map.getZoomScale(this.#maxZoom(), this.#map.getZoom());
    const grown = (side: number): number => Math.max(side + 2 * AIR_PX * pixels, LEAST_PX * pixels);
    this.#overlay.setBounds(bounds({ x, y, w: grown(w), h: grown(h) }));
  }
}

function drawing(): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  for (const className of ["halo", "line"]) {
    const rectangle = document.createElementNS(SVG, "rect");
    rectangle.setAttribute("class", className);
    rectangle.setAttribute("width", "100%");
    rectangle.setAttribute("height", "100%");
    rectangle.setAttribute("rx", "3");
    svg.append(rectangle);
  }
  return svg;
}
