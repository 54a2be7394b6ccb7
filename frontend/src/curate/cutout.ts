import { ask } from "../ui/dialogs";
import { el } from "../ui/dom";
import type { Api, Kind } from "./api";
import { Bitmap } from "./bitmap";
import type { DrawingTool } from "./drawing";
import { MaskEditor, type Placed } from "./editor";
import { bitmapOf, loadImage, pngOf } from "./masks";
import type { Box, Medium, Statement } from "./schema";
import type { Visit } from "./statements";
import { texts } from "./texts";
import { type Start, Toolbar } from "./toolbar";
import { action, heading } from "./widgets";
import type { Surroundings, Workbench } from "./workbench";

const TOOLS: Record<string, DrawingTool> = {
  b: "brush",
  e: "eraser",
  p: "polygon",
  o: "polygon-cut",
  h: "hand",
};

/** Review of cut-outs: the photograph with its mask, the result, and tools to mend it. */
export class CutoutBench implements Workbench {
  readonly element: HTMLElement;
  readonly actions: readonly HTMLElement[];
  readonly #api: Api;
  readonly #visit: Visit;
  readonly #around: Surroundings;
  readonly #editor: MaskEditor;
  readonly #toolbar: Toolbar;
  readonly #heading = heading();
  readonly #save: HTMLButtonElement;
  readonly #keys: Record<string, () => void>;
  #medium: Medium | null = null;
  #shown = 0;

  constructor(api: Api, visit: Visit, around: Surroundings) {
    this.#api = api;
    this.#visit = visit;
    this.#around = around;
    this.#editor = new MaskEditor(() => {
      this.#refresh();
    });
    this.#toolbar = new Toolbar(this.#editor, (start) => void this.#startFrom(start));
    this.#save = action(texts.mend, "M", () => void this.#mend());
    this.actions = [
      action(texts.previous, "←", () => void around.previous(), "quiet"),
      action(texts.reject, "R", () => void this.#judge("rejected"), "no"),
      action(texts.skip, "S", () => void around.next()),
      this.#save,
      action(texts.accept, "A", () => void this.#judge("accepted"), "strong"),
    ];
    const [photograph, result] = this.#editor.panes;
    this.element = el(
      "div",
      { class: "bench bench-cutout" },
      this.#heading.element,
      el("div", { class: "panes" }, photograph.element, result.element),
      this.#toolbar.element,
    );
    this.#keys = this.#keyboard();
    this.#holdSpace();
  }

  get dirty(): boolean {
    return this.#editor.dirty;
  }

  async show(medium: Medium): Promise<void> {
    this.#medium = medium;
    const ticket = ++this.#shown;
    this.update(medium);
    const start = medium.judgement.mask ? "mine" : "machine";
    const [photograph, bitmap, placed] = await Promise.all([
      loadImage(this.#api.address(medium.id, "photograph")),
      this.#mask(medium, start),
      medium.judgement.mask ? [] : this.#placed(medium),
    ]);
    // another medium may have been opened meanwhile
    if (ticket === this.#shown) this.#editor.open(photograph, bitmap, placed);
  }

  shows(): Kind {
    return "photograph";
  }

  clear(): void {
    this.#medium = null;
    this.#heading.clear();
    this.#editor.clear();
  }

  update(medium: Medium): void {
    if (medium.id !== this.#medium?.id) return;
    this.#medium = medium;
    const notes = [texts.state(medium, "cutout")];
    if (typeof medium.agreement === "number") notes.push(texts.agreement(medium.agreement));
    this.#heading.show(medium, notes, texts.judged(medium, "cutout"));
    this.#refresh();
  }

  key(event: KeyboardEvent): boolean {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.ctrlKey || event.metaKey) {
      if (key === "z" && event.shiftKey) this.#editor.redo();
      else if (key === "z") this.#editor.undo();
      else if (key === "y") this.#editor.redo();
      else return false;
      return true;
    }
    if (key === "Enter") return this.#editor.closePolygon();
    if (key === "Escape") return this.#editor.dropPolygon();
    const tool = TOOLS[key];
    if (tool) this.#toolbar.choose(tool);
    else if (this.#keys[key]) this.#keys[key]();
    else return false;
    return true;
  }

  async mayLeave(): Promise<boolean> {
    if (!this.dirty) return true;
    const answer = await ask(texts.ask.unsaved, texts.ask.unsavedHint, [
      ["stay", texts.ask.stay],
      ["leave", texts.ask.leave],
      ["save", texts.ask.save],
    ]);
    if (answer === "save") return this.#saveMask();
    return answer === "leave";
  }

  #keyboard(): Record<string, () => void> {
    const resize = (larger: boolean): void => {
      this.#editor.drawing.resize(larger);
      this.#refresh();
      this.#editor.redraw();
    };
    const zoom = (factor: number) => () => {
      this.#editor.zoom(factor);
    };
    return {
      a: () => void this.#judge("accepted"),
      r: () => void this.#judge("rejected"),
      m: () => void this.#mend(),
      s: () => void this.#around.next(),
      ArrowRight: () => void this.#around.next(),
      ArrowLeft: () => void this.#around.previous(),
      f: () => {
        this.#editor.fillHoles();
      },
      t: () => {
        this.#editor.tinted = !this.#editor.tinted;
      },
      "[": () => {
        resize(false);
      },
      "]": () => {
        resize(true);
      },
      "+": zoom(1.25),
      "=": zoom(1.25),
      "-": zoom(0.8),
      "0": () => {
        this.#editor.fit();
      },
      "1": () => void this.#startFrom("machine"),
      "2": () => void this.#startFrom("mine"),
      "3": () => void this.#startFrom("empty"),
    };
  }

  /** While the space bar is held, every drag moves the picture. */
  #holdSpace(): void {
    document.addEventListener("keydown", (event) => {
      const busy = event.target instanceof HTMLElement && event.target.closest("button, input");
      if (event.key !== " " || busy || !this.element.isConnected) return;
      event.preventDefault();
      this.#editor.panning = true;
    });
    document.addEventListener("keyup", (event) => {
      if (event.key === " ") this.#editor.panning = false;
    });
    window.addEventListener("blur", () => {
      this.#editor.panning = false;
    });
  }

  #refresh(): void {
    this.#save.disabled = !this.#editor.dirty;
    const medium = this.#medium;
    this.#toolbar.refresh({
      machine: medium?.has_machine_mask ?? false,
      mine: Boolean(medium?.judgement.mask),
    });
  }

  /** Accept or reject the cut-out as it is; strokes that were not saved are asked about. */
  async #judge(value: "accepted" | "rejected"): Promise<void> {
    const medium = this.#medium;
    if (!medium || !(await this.mayLeave())) return;
    await this.#state(medium, [{ term: "cutout", value }]);
  }

  async #state(medium: Medium, statements: readonly Statement[]): Promise<void> {
    await this.#around.busy(async () => {
      await this.#visit.state(medium.id, statements);
      this.#editor.markSaved();
      await this.#around.next();
    });
  }

  async #mend(): Promise<void> {
    if (this.dirty && (await this.#saveMask())) await this.#around.next();
  }

  /** Save the mask as it is drawn; an empty one rejects, after asking. Return whether it is done. */
  async #saveMask(): Promise<boolean> {
    const medium = this.#medium;
    if (!medium) return false;
    this.#editor.closePolygon();
    const empty = this.#editor.bitmap.count() === 0;
    if (empty && !(await this.#reallyEmpty())) return false;
    let done = false;
    await this.#around.busy(async () => {
      if (empty) await this.#visit.state(medium.id, [{ term: "cutout", value: "rejected" }]);
      else await this.#visit.saveMask(medium.id, await pngOf(this.#editor.bitmap));
      this.#editor.markSaved();
      done = true;
    });
    return done;
  }

  async #reallyEmpty(): Promise<boolean> {
    const answers = [
      ["stay", texts.ask.stay],
      ["reject", texts.ask.reject],
    ] as const;
    return (await ask(texts.ask.empty, texts.ask.emptyHint, answers)) === "reject";
  }

  async #startFrom(start: Start): Promise<void> {
    const medium = this.#medium;
    if (!medium) return;
    const ticket = this.#shown;
    await this.#around.busy(async () => {
      const bitmap = await this.#mask(medium, start);
      if (ticket === this.#shown) this.#editor.replace(bitmap);
    });
  }

  /** Return a mask to begin from; an empty one where there is none. */
  async #mask(medium: Medium, start: Start): Promise<Bitmap> {
    const { preview_width: width, preview_height: height, judgement } = medium;
    const there =
      start === "mine" ? judgement.mask : start === "machine" && medium.has_machine_mask;
    if (!there) return new Bitmap(width, height);
    const kind = start === "mine" ? "drawn" : "mask";
    const picture = await this.#api.picture(medium.id, kind);
    return bitmapOf(await createImageBitmap(picture), width, height);
  }

  async #placed(medium: Medium): Promise<Placed[]> {
    const scale = medium.preview_width / medium.width;
    const load = async (box: Box): Promise<Placed> => ({
      image: await loadImage(this.#api.address(medium.id, "cutout", box.id)),
      left: box.left * scale,
      top: box.top * scale,
      width: box.width * scale,
      height: box.height * scale,
    });
    return Promise.all(medium.cutouts.map(load));
  }
}
