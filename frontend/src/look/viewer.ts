import "./viewer.css";

import * as L from "leaflet";

import { bounds, latLng, pixelPlane } from "../atlas/crs";
import { PyramidLayer } from "../atlas/tiles";
import { AtlasError } from "../data/errors";
import type { DataSource } from "../data/source";
import type { Card, Picture } from "../schema";
import { button, el, icon, ICONS } from "../ui/dom";
import { nameOf, titleOf } from "../ui/names";
import { texts } from "../ui/texts";
import { type PicturePlane, tileSize, wholeZoom } from "./plane";

/** Space around the whole picture. */
const AIR_PX = 24;

/** A picture is enlarged by so many zooms at most. */
const ENLARGED = 2;

/** Tiles reach so far over the next, or between zooms hairlines would show between them. */
const SEAM_PX = 0.6;

/** A picture without tiles is laid out as if it had tiles of this edge. */
const PLAIN_PX = 256;

/** One picture at its full size, over the whole window. */
export class Viewer {
  readonly element: HTMLDialogElement;
  readonly #source: Pick<DataSource, "address" | "atlas" | "ownTiles">;
  readonly #canvas = el("div", { class: "look-map", role: "application" });
  readonly #news = el("p", { role: "status" });
  readonly #still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  #map: L.Map | null = null;

  /** `close` is asked for by Escape or by the button. */
  constructor(card: Card, source: DataSource, close: () => void) {
    this.#source = source;
    this.#canvas.setAttribute("aria-label", texts.look.map(titleOf(card)));
    this.#canvas.style.backgroundColor = source.atlas.tiles.background;
    const { licence, rights_holder, creator } = card.credit;
    const credit = [creator, rights_holder, licence].filter(Boolean).join(" · ");
    const caption = el("header", { class: "look-caption" });
    caption.append(el("h2", {}, nameOf(card)), credit && el("p", {}, credit), this.#news);
    this.element = el("dialog", { class: "look", "aria-label": titleOf(card) });
    this.element.append(this.#canvas, caption, this.#controls(close));
    this.element.addEventListener("cancel", (event) => {
      event.preventDefault();
      close();
    });
    this.#canvas.addEventListener("keydown", (event) => {
      if (event.key === "Home") this.#whole(true);
    });
    this.#say(texts.look.loading);
  }

  /** Show the picture: its own tiles, or what the card has. */
  async show(picture: Picture | null): Promise<void> {
    this.element.showModal();
    this.#canvas.tabIndex = 0;
    this.#canvas.focus({ preventScroll: true });
    try {
      if (!picture) this.#say(texts.look.none);
      else if (picture.tiles) await this.#showTiles(picture.tiles);
      else this.#showPlain(picture, texts.look.small);
    } catch (error) {
      if (!(error instanceof AtlasError)) throw error;
      const { title } = texts.trouble(error.trouble);
      if (picture) this.#showPlain(picture, title);
    }
  }

  /** Take it away; the keyboard goes back to where it came from. */
  remove(): void {
    this.element.close();
    this.#map?.remove();
    this.element.remove();
    delete document.documentElement.dataset["look"];
  }

  async #showTiles(tiles: NonNullable<Picture["tiles"]>): Promise<void> {
    const source = this.#source.ownTiles(tiles.path);
    const maxZoom = await source.maxZoom();
    if (!this.element.isConnected) return;
    const dense = window.devicePixelRatio > 1 ? 2 : 1;
    const plane = { width: tiles.width / dense, height: tiles.height / dense, maxZoom };
    const map = this.#open(plane);
    const layer = new PyramidLayer(source, {
      ...{ tileSize: tiles.tile_px / dense, minZoom: 0, maxNativeZoom: maxZoom },
      ...{ maxZoom: maxZoom + ENLARGED, minNativeZoom: 0, bounds: boundsOf(plane) },
    });
    layer.on("tileloadstart", ({ tile, coords }: L.TileEvent) => {
      const { w, h } = tileSize({ ...plane, ...tiles }, tiles.tile_px, coords);
      const px = (side: number): string => `${side / dense + SEAM_PX}px`;
      [tile.style.width, tile.style.height] = [px(w), px(h)];
    });
    layer.on("tileerror", ({ error }: L.TileErrorEvent) => {
      const told = error instanceof AtlasError ? texts.trouble(error.trouble).title : null;
      if (told) this.#say(told);
    });
    layer.once("load", () => {
      this.#shown("tiles");
    });
    layer.addTo(map);
    this.#say("");
  }

  #showPlain(picture: Picture, news: string): void {
    const { width, height, path } = picture;
    const maxZoom = Math.max(0, Math.ceil(Math.log2(Math.max(width, height, 1) / PLAIN_PX)));
    const plane = { width: Math.max(width, 1), height: Math.max(height, 1), maxZoom };
    const image = L.imageOverlay(this.#source.address(path), boundsOf(plane));
    image.once("load", () => {
      this.#shown("picture");
    });
    image.once("error", () => {
      this.#say(texts.card.pictureFailed);
    });
    image.addTo(this.#open(plane));
    this.#say(news);
  }

  #open(plane: PicturePlane): L.Map {
    const { x, y } = roomOf(this.#canvas);
    const least = wholeZoom(plane, { x, y });
    const map = L.map(this.#canvas, {
      ...{ crs: pixelPlane(plane.maxZoom), zoomSnap: 0, zoomDelta: 0.5, wheelPxPerZoomLevel: 100 },
      ...{ minZoom: least, maxZoom: plane.maxZoom + ENLARGED, maxBoundsViscosity: 0.8 },
      ...{ zoomControl: false, attributionControl: false, keyboardPanDelta: 120 },
      ...{ zoomAnimation: !this.#still, fadeAnimation: !this.#still, inertia: !this.#still },
    });
    map.setView(latLng(plane.width / 2, plane.height / 2), least, { animate: false });
    map.setMaxBounds(boundsOf(plane).pad(0.5));
    this.#map = map;
    return map;
  }

  #whole(animate: boolean): void {
    const map = this.#map;
    if (!map) return;
    const box = map.options.maxBounds as L.LatLngBounds;
    map.setView(box.getCenter(), map.getMinZoom(), { animate: animate && !this.#still });
  }

  #controls(close: () => void): HTMLElement {
    const one = (label: string, strokes: string, action: () => void): HTMLElement =>
      button({ "aria-label": label, title: label }, action, icon(strokes));
    const group = (...children: HTMLElement[]): HTMLElement =>
      el("div", { class: "control-group" }, ...children);
    const zoom = (steps: number) => (): void => {
      this.#map?.setZoom(this.#map.getZoom() + steps);
    };
    return el(
      "div",
      { class: "controls" },
      group(one(texts.look.close, ICONS.close, close)),
      group(one(texts.zoomIn, ICONS.plus, zoom(1)), one(texts.zoomOut, ICONS.minus, zoom(-1))),
      group(
        one(texts.look.whole, ICONS.whole, () => {
          this.#whole(true);
        }),
      ),
    );
  }

  #shown(what: "tiles" | "picture"): void {
    document.documentElement.dataset["look"] = what;
  }

  #say(news: string): void {
    this.#news.textContent = news;
    this.#news.hidden = news === "";
  }
}

function boundsOf({ width, height }: PicturePlane): L.LatLngBounds {
  return bounds({ x: width / 2, y: height / 2, w: width, h: height });
}

function roomOf(element: HTMLElement): { x: number; y: number } {
  const { clientWidth, clientHeight } = element;
  return { x: Math.max(clientWidth - 2 * AIR_PX, 1), y: Math.max(clientHeight - 2 * AIR_PX, 1) };
}
