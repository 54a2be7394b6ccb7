import { button, el, ICONS as BASIC } from "../ui/dom";
import { type DrawingTool, SIZES } from "./drawing";
import type { MaskEditor } from "./editor";
import { texts } from "./texts";
import { iconButton, ICONS } from "./widgets";

/** What a mask can begin from. */
export type Start = "machine" | "mine" | "empty";

const TOOLS: readonly (readonly [DrawingTool, string])[] = [
  ["brush", "B"],
  ["eraser", "E"],
  ["polygon", "P"],
  ["polygon-cut", "O"],
  ["hand", "H"],
];

const GROUNDS = ["checker", "white", "grey", "black"] as const;

/** The tools of the mask editor, in groups. */
export class Toolbar {
  readonly element: HTMLElement;
  readonly #editor: MaskEditor;
  readonly #tools = new Map<DrawingTool, HTMLButtonElement>();
  readonly #starts: Record<Start, HTMLButtonElement>;
  readonly #size = el("input", {
    type: "range",
    class: "size",
    min: SIZES.least,
    max: SIZES.most,
    "aria-label": texts.tool.size,
    title: `${texts.tool.size} ([ ])`,
  });
  readonly #sizeText = el("output", { class: "size-text" });
  readonly #back: HTMLButtonElement;
  readonly #forth: HTMLButtonElement;
  readonly #tint: HTMLButtonElement;
  readonly #hint = el("p", { class: "tool-hint", role: "status" });

  constructor(editor: MaskEditor, startFrom: (start: Start) => void) {
    this.#editor = editor;
    const start = (value: Start, label: string, key: string): HTMLButtonElement =>
      button(
        { class: "choice", title: `${label} (${key})`, "data-start": value },
        () => {
          startFrom(value);
        },
        label,
      );
    this.#starts = {
      machine: start("machine", texts.tool.machine, "1"),
      mine: start("mine", texts.tool.mine, "2"),
      empty: start("empty", texts.tool.nothing, "3"),
    };
    this.#back = iconButton(`${texts.tool.back} (Ctrl+Z)`, ICONS.back, () => {
      editor.undo();
    });
    this.#forth = iconButton(`${texts.tool.forth} (Ctrl+Shift+Z)`, ICONS.forth, () => {
      editor.redo();
    });
    this.#tint = iconButton(`${texts.tool.tint} (T)`, ICONS.tint, () => {
      editor.tinted = !editor.tinted;
    });
    this.#size.addEventListener("input", () => {
      editor.drawing.size = Number(this.#size.value);
      this.refreshSize();
    });
    this.element = el("div", { class: "toolbar" }, ...this.#groups(), this.#hint);
    const grounds = GROUNDS.map((ground) => this.#swatch(ground));
    editor.panes[1].element.append(group(texts.tool.ground, ...grounds));
    this.#ground("checker");
  }

  /** Take a drawing tool in hand. */
  choose(tool: DrawingTool): void {
    this.#editor.drawing.tool = tool;
    if (!this.#editor.drawing.isPolygon) this.#editor.dropPolygon();
    this.refreshTools();
    this.#editor.redraw();
  }

  /** Show what can be done now. */
  refresh(there: { machine: boolean; mine: boolean }): void {
    this.#starts.machine.disabled = !there.machine;
    this.#starts.mine.disabled = !there.mine;
    this.#back.disabled = !this.#editor.history.canUndo && !this.#editor.drawing.corners.length;
    this.#forth.disabled = !this.#editor.history.canRedo;
    this.#tint.setAttribute("aria-pressed", String(this.#editor.tinted));
    this.refreshTools();
    this.refreshSize();
  }

  refreshTools(): void {
    const { drawing } = this.#editor;
    for (const [tool, made] of this.#tools)
      made.setAttribute("aria-pressed", String(tool === drawing.tool));
    const [photograph] = this.#editor.panes;
    photograph.element.dataset["tool"] = drawing.tool;
    this.#hint.textContent = drawing.isPolygon ? texts.polygonHint : "";
  }

  refreshSize(): void {
    const { size } = this.#editor.drawing;
    this.#size.value = String(size);
    this.#sizeText.textContent = `${size} px`;
  }

  #groups(): HTMLElement[] {
    const { tool: words } = texts;
    const tools = TOOLS.map(([tool, key]) => this.#toolButton(tool, key));
    const zoom = (factor: number) => () => {
      this.#editor.zoom(factor);
    };
    return [
      group(words.label, ...tools),
      group(words.size, this.#size, this.#sizeText),
      group(
        words.back,
        this.#back,
        this.#forth,
        iconButton(`${words.holes} (F)`, ICONS.holes, () => {
          this.#editor.fillHoles();
        }),
        this.#tint,
      ),
      group(
        words.fit,
        iconButton(`${words.zoomOut} (−)`, BASIC.minus, zoom(0.8)),
        iconButton(`${words.fit} (0)`, BASIC.whole, () => {
          this.#editor.fit();
        }),
        iconButton(`${words.zoomIn} (+)`, BASIC.plus, zoom(1.25)),
      ),
      group(
        words.start,
        el("span", { class: "group-name" }, words.start),
        ...Object.values(this.#starts),
      ),
    ];
  }

  #toolButton(tool: DrawingTool, key: string): HTMLButtonElement {
    const made = iconButton(`${texts.tool[tool]} (${key})`, ICONS[tool], () => {
      this.choose(tool);
    });
    made.dataset["tool"] = tool;
    this.#tools.set(tool, made);
    return made;
  }

  #swatch(ground: (typeof GROUNDS)[number]): HTMLElement {
    const label = `${texts.tool.ground}: ${texts.tool.grounds[ground]}`;
    return button(
      {
        class: `swatch ground-${ground}`,
        "aria-label": label,
        title: label,
        "data-ground": ground,
      },
      () => {
        this.#ground(ground);
      },
    );
  }

  #ground(chosen: string): void {
    const { element } = this.#editor.panes[1];
    element.dataset["ground"] = chosen;
    for (const swatch of element.querySelectorAll<HTMLElement>(".swatch"))
      swatch.setAttribute("aria-pressed", String(swatch.dataset["ground"] === chosen));
  }
}

function group(label: string, ...parts: HTMLElement[]): HTMLElement {
  return el("div", { class: "group", role: "group", "aria-label": label }, ...parts);
}
