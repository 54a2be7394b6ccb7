import { Bitmap, type Point, type Rectangle } from "./bitmap";
import { Drawing } from "./drawing";
import { Gestures } from "./gestures";
import { History } from "./history";
import { pixelsOf, sheet } from "./masks";
import { cutoutPixels, grown, outlineWidth, overlayPixels } from "./overlay";
import { Pane } from "./pane";
import { drawCorners, drawTip } from "./tip";
import { texts } from "./texts";
import { View } from "./view";

/** A cut-out that a stage made, and where it lies in the photograph's preview. */
export interface Placed {
  readonly image: CanvasImageSource;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Screen pixels within which a click closes a polygon at its first corner. */
const CLOSING_PX = 12;

/** Photograph with its mask, and the cut-out beside it; both are moved and zoomed as one. */
export class MaskEditor {
  readonly drawing = new Drawing();
  readonly view = new View();
  readonly panes: readonly [Pane, Pane];
  readonly #changed: () => void;
  readonly #gestures: Gestures[];
  #bitmap = new Bitmap(1, 1);
  #history = new History(this.#bitmap);
  #photograph: CanvasImageSource | null = null;
  #pixels = new Uint8ClampedArray(4);
  #overlay: CanvasRenderingContext2D | null = null;
  #cutout: CanvasRenderingContext2D | null = null;
  #placed: readonly Placed[] = [];
  #shown = true;
  #tip: Point | null = null;

  /** `changed` is told whenever the mask, the tool or what can be undone is another. */
  constructor(changed: () => void) {
    this.#changed = changed;
    this.panes = [
      new Pane(texts.photograph, "pane-photograph", this.view, (context) => {
        this.#drawPhotograph(context);
      }),
      new Pane(texts.result, "pane-result", this.view, (context) => {
        this.#drawResult(context);
      }),
    ];
    const [photograph, result] = this.panes;
    photograph.watch((width, height) => {
      this.view.resize(width, height);
      this.#redraw();
    });
    result.watch(() => undefined);
    this.#gestures = [
      new Gestures(photograph.canvas, this.#hands(true)),
      new Gestures(result.canvas, this.#hands(false)),
    ];
  }

  get bitmap(): Bitmap {
    return this.#bitmap;
  }

  get history(): History {
    return this.#history;
  }

  /** True if there are strokes that were not saved, or a polygon that was not closed. */
  get dirty(): boolean {
    return this.#history.dirty || this.drawing.corners.length > 0;
  }

  /** Whether the tint of the mask is drawn over the photograph. */
  get tinted(): boolean {
    return this.#shown;
  }

  set tinted(shown: boolean) {
    this.#shown = shown;
    this.#redraw();
    this.#changed();
  }

  set panning(held: boolean) {
    for (const gestures of this.#gestures) gestures.panning = held;
    for (const pane of this.panes) pane.element.classList.toggle("pane-panning", held);
  }

  /** Show a photograph with a mask of the same size; what was there is forgotten. */
  open(photograph: CanvasImageSource, bitmap: Bitmap, placed: readonly Placed[]): void {
    const { width, height } = bitmap;
    this.#photograph = photograph;
    this.#pixels = pixelsOf(photograph, width, height);
    this.#bitmap = bitmap;
    this.#history = new History(bitmap);
    this.#overlay = sheet(width, height);
    this.#cutout = sheet(width, height);
    this.#placed = placed;
    this.drawing.corners = [];
    this.view.open(width, height);
    this.#repaint(bitmap.whole);
    this.#changed();
  }

  /** Show nothing. */
  clear(): void {
    this.#photograph = this.#overlay = this.#cutout = null;
    this.#bitmap = new Bitmap(1, 1);
    this.#history = new History(this.#bitmap);
    this.drawing.corners = [];
    this.#redraw();
  }

  markSaved(): void {
    this.#history.markSaved();
    this.#changed();
  }

  /** Take another mask in place of the one drawn so far; that can be undone. */
  replace(bitmap: Bitmap): void {
    this.#apply(() => {
      this.#bitmap.take(bitmap);
      return this.#bitmap.whole;
    });
  }

  fillHoles(): void {
    this.#apply(() => this.#bitmap.fillHoles());
  }

  undo(): void {
    if (this.drawing.corners.length) this.#setCorners(this.drawing.corners.slice(0, -1));
    else this.#repainted(this.#history.undo());
  }

  redo(): void {
    this.#repainted(this.#history.redo());
  }

  /** Fill or cut the polygon that was drawn so far; return whether there was one. */
  closePolygon(): boolean {
    const corners = this.drawing.corners;
    if (!corners.length) return false;
    this.#apply(() => this.#bitmap.polygon(corners, this.drawing.value));
    this.#setCorners([]);
    return true;
  }

  /** Forget the polygon that was drawn so far; return whether there was one. */
  dropPolygon(): boolean {
    if (!this.drawing.corners.length) return false;
    this.#setCorners([]);
    return true;
  }

  zoom(factor: number): void {
    this.view.zoom(factor);
    this.#redraw();
  }

  fit(): void {
    this.view.fit();
    this.#redraw();
  }

  /** Draw again, for what is drawn outside the mask has changed. */
  redraw(): void {
    this.#redraw();
  }

  #apply(change: () => Rectangle | null): void {
    const before = this.#bitmap.copy();
    const area = change();
    if (area) this.#history.add(area, before);
    this.#repainted(area);
  }

  #hands(draws: boolean) {
    return {
      down: (at: Point) => draws && this.#down(this.view.toPicture(at)),
      move: (points: readonly Point[]) => {
        for (const point of points)
          this.#repaint(this.drawing.extend(this.#bitmap, this.view.toPicture(point)));
      },
      up: () => {
        const done = this.drawing.end();
        if (done) this.#history.add(done.area, done.before);
        this.#changed();
      },
      cancel: () => {
        const done = this.drawing.end();
        if (!done) return;
        this.#bitmap.take(done.before);
        this.#repainted(done.area);
      },
      hover: (at: Point | null) => {
        this.#tip = draws && at ? this.view.toPicture(at) : null;
        this.panes[0].invalidate();
      },
      pan: (dx: number, dy: number) => {
        this.view.pan(dx, dy);
        this.#redraw();
      },
      zoom: (factor: number, at: Point) => {
        this.view.zoom(factor, at);
        this.#redraw();
      },
    };
  }

  #down(at: Point): boolean {
    if (!this.#photograph || this.drawing.tool === "hand") return false;
    if (this.drawing.isPolygon) {
      this.#corner(at);
      return true;
    }
    this.#repaint(this.drawing.begin(this.#bitmap, at));
    return true;
  }

  /** Add a corner; a click on the first one closes the polygon. */
  #corner(at: Point): void {
    const [first] = this.drawing.corners;
    const near = first && Math.hypot(at.x - first.x, at.y - first.y) * this.view.scale;
    if (near !== undefined && near < CLOSING_PX && this.drawing.corners.length > 2)
      this.closePolygon();
    else this.#setCorners([...this.drawing.corners, at]);
  }

  #setCorners(corners: readonly Point[]): void {
    this.drawing.corners = corners;
    this.panes[0].invalidate();
    this.#changed();
  }

  #repainted(area: Rectangle | null): void {
    this.#repaint(area);
    this.#changed();
  }

  /** Bring the pictures of the mask up to date in a part, and draw. */
  #repaint(area: Rectangle | null): void {
    if (!area || !this.#overlay || !this.#cutout) return;
    const outline = outlineWidth(this.#bitmap);
    const wide = grown(this.#bitmap, area, outline);
    put(this.#overlay, wide, overlayPixels(this.#bitmap, wide, outline));
    put(this.#cutout, area, cutoutPixels(this.#bitmap, area, this.#pixels));
    this.#redraw();
  }

  #redraw(): void {
    for (const pane of this.panes) pane.invalidate();
  }

  #drawPhotograph(context: CanvasRenderingContext2D): void {
    if (!this.#photograph || !this.#overlay) return;
    const { width, height } = this.#bitmap;
    context.drawImage(this.#photograph, 0, 0, width, height);
    if (this.#shown) context.drawImage(this.#overlay.canvas, 0, 0);
    const line = 1 / this.view.scale;
    if (this.drawing.isPolygon) drawCorners(context, this.drawing.corners, this.#tip, line);
    else if (this.drawing.tool !== "hand" && this.#tip)
      drawTip(context, this.#tip, this.drawing.size / 2, line);
  }

  #drawResult(context: CanvasRenderingContext2D): void {
    if (!this.#cutout) return;
    const made = this.#placed.length > 0 && !this.#history.canUndo && !this.drawing.stroking;
    if (!made) context.drawImage(this.#cutout.canvas, 0, 0);
    else
      for (const { image, left, top, width, height } of this.#placed)
        context.drawImage(image, left, top, width, height);
  }
}

function put(
  context: CanvasRenderingContext2D,
  { left, top, right, bottom }: Rectangle,
  pixels: Uint8ClampedArray<ArrayBuffer>,
): void {
  context.putImageData(new ImageData(pixels, right - left, bottom - top), left, top);
}
