import "./map.css";

import { ServerError } from "../../data/server";
import type { KeyLines } from "../../ui/dialogs";
import { el } from "../../ui/dom";
import type { Step } from "../answers";
import { badge, calledOf, type Choice, choiceOf, choicesOf, keysOf } from "../classes";
import { SelectionBar } from "./bar";
import { SortCanvas, told } from "./canvas";
import { MapMedia } from "./media";
import type { Mark } from "./shapes";
import { Signs } from "./signs";
import { MediaTable } from "./table";
import { MAP_KEYS, texts } from "./texts";
import { MapTools } from "./tools";
import type { SortMedium, SortState } from "../schema";
import type { Around, MakeView, View } from "../view";

/** The atlas with what is known of its media: what lies inside a line is labelled together. */
class MapView implements View {
  readonly element = el("div", { class: "sort-map" });
  readonly keys: KeyLines;
  readonly #around: Around;
  readonly #table: MediaTable;
  readonly #signs = new Signs(this.element);
  readonly #bar: SelectionBar;
  readonly #tools: MapTools;
  readonly #chosen = new Map<string, SortMedium>();
  #canvas: SortCanvas | null = null;
  #opening: Promise<unknown> | null = null;
  #shown = false;
  #progress = "";
  #stands = "";

  constructor(around: Around) {
    this.#around = around;
    this.#table = new MediaTable(around.api, around.answers);
    const answers = this.#choices.map((one) => [keysOf(one), calledOf(one.name)] as const);
    this.keys = [...answers, ...MAP_KEYS];
    this.#bar = new SelectionBar(around, {
      label: (choice) => {
        this.#label(choice);
      },
      clear: () => {
        this.#choose([], 0, false);
      },
    });
    this.#tools = new MapTools({
      lasso: () => {
        this.#lasso();
      },
      sight: () => void this.#selectSight(),
      changed: () => {
        this.#repaint();
      },
      zoom: (steps) => {
        this.#canvas?.zoom(steps);
      },
      whole: () => {
        this.#canvas?.fit();
      },
    });
    around.answers.watch(() => {
      this.#repaint();
    });
  }

  async show(): Promise<void> {
    this.#shown = true;
    this.refresh(this.#around.state);
    if (!this.#around.tasks.has_map) {
      this.element.replaceChildren(noAtlas());
      return;
    }
    await (this.#opening ??= this.#around.attempt(() => this.#open()));
    this.#canvas?.resize();
    await this.#read();
  }

  hide(): void {
    this.#shown = false;
    if (this.#canvas) this.#canvas.hand.lassoing = false;
  }

  key(event: KeyboardEvent): boolean {
    if (!this.#canvas || event.ctrlKey || event.metaKey || event.altKey) return false;
    const key = event.key.toLowerCase();
    const choice = this.#chosen.size ? choiceOf(this.#choices, event) : null;
    if (choice) this.#label(choice);
    else if (key === "l") this.#lasso();
    else if (key === "a") void this.#selectSight();
    else if (key === "escape") this.#escape(this.#canvas);
    else return false;
    return true;
  }

  refresh(state: SortState): void {
    // colours are known only while the element is in the page
    if (this.#shown) this.#signs.refresh(choicesOf(state.classes));
    this.#bar.refresh(state);
    this.#tools.refresh(state);
    if (this.#shown && this.#canvas && standOf(state) !== this.#stands) void this.#read();
  }

  /** What was labelled here and taken back is selected again. */
  undone({ before, view }: Step): void {
    if (view !== "map") return;
    this.#choose(this.#known(before.map(({ id }) => id)), 0, false);
  }

  get #choices(): readonly Choice[] {
    return choicesOf(this.#around.state.classes);
  }

  async #open(): Promise<void> {
    this.element.replaceChildren(el("p", { class: "opening", role: "status" }, texts.loading));
    const room = el("div", { class: "map-room" });
    const fetch = window.fetch.bind(window);
    try {
      const address = `${this.#around.api.server.base}atlas/atlas.json`;
      const media = await MapMedia.open(address, fetch);
      this.element.replaceChildren(
        this.#tools.element,
        room,
        this.#tools.legend,
        this.#bar.element,
      );
      this.#canvas = new SortCanvas(room, media, (id) => this.#markOf(id), this.#canvasEvents());
      this.#tell();
    } catch (error) {
      this.#opening = null;
      this.element.replaceChildren(el("p", { class: "opening" }, texts.failed));
      throw told(error);
    }
  }

  #canvasEvents(): ConstructorParameters<typeof SortCanvas>[3] {
    return {
      drawn: (ids, adds) => {
        this.#select(ids, adds || this.#bar.adds);
      },
      clicked: (id) => {
        this.#toggle(id);
      },
      lasso: () => {
        this.#tell();
      },
      failed: (error) => {
        const said = told(error);
        if (!(said instanceof ServerError)) throw said;
        this.#around.tell(`${said.problem.title} ${said.problem.detail}`);
      },
      name: (id) => this.#name(id),
    };
  }

  /** Read what is known of all media; marks appear as it comes in. */
  async #read(): Promise<void> {
    if (!this.#canvas) return;
    this.#stands = standOf(this.#around.state);
    const { who, state } = this.#around;
    delete this.element.dataset["media"];
    await this.#around.attempt(async () => {
      const all = await this.#table.read(who, () => {
        this.#progress = texts.reading(this.#table.n, state.n_media);
        this.#tell();
        this.#repaint();
      });
      if (!all) return;
      this.#progress = "";
      this.element.dataset["media"] = String(this.#table.n);
      this.#tell();
      this.#repaint();
    });
  }

  #markOf(id: string): Mark | null {
    const medium = this.#table.of(id);
    const { marks } = this.#tools;
    if (!medium) return null;
    const chosen = this.#chosen.has(id);
    const value = this.#valueOf(medium);
    const said = value !== null;
    const shown = marks === "none" ? null : (value ?? (marks === "all" ? medium.proposed : null));
    if (shown === null && !chosen) return null;
    return { sign: shown === null ? null : this.#signs.of(shown), said, chosen };
  }

  /** What people say of a medium, the one at the page first. */
  #valueOf(medium: SortMedium): string | null {
    const { answers } = this.#around;
    return medium.settled ?? answers.of(medium).value ?? medium.label;
  }

  #name(id: string): HTMLElement | null {
    const medium = this.#table.of(id);
    if (!medium) return null;
    const value = this.#valueOf(medium);
    const shown = value ?? medium.proposed;
    const choice = this.#choices.find(({ name }) => name === shown);
    const how = value === null ? texts.proposed : texts.said;
    const said = choice && el("span", { class: "tip-said" }, badge(choice), ` ${how}`);
    return el("div", {}, medium.caption, said ?? null);
  }

  #known(ids: readonly string[]): SortMedium[] {
    return ids.flatMap((id) => this.#table.of(id) ?? []);
  }

  #select(ids: readonly string[], adds: boolean): void {
    const media = this.#known(ids);
    this.#choose(media, ids.length - media.length, adds);
    if (!ids.length) this.#around.tell(texts.nothing);
  }

  async #selectSight(): Promise<void> {
    await this.#around.attempt(async () => {
      this.#select((await this.#canvas?.inSight()) ?? [], false);
    });
  }

  #toggle(id: string): void {
    const media = this.#known([id]);
    if (!this.#chosen.delete(id)) for (const one of media) this.#chosen.set(id, one);
    this.#choose([], 0, true);
  }

  #choose(media: readonly SortMedium[], outside: number, adds: boolean): void {
    if (!adds) this.#chosen.clear();
    for (const one of media) this.#chosen.set(one.id, one);
    this.#bar.show([...this.#chosen.values()], outside);
    this.element.dataset["selected"] = String(this.#chosen.size);
    this.#repaint();
  }

  #label(choice: Choice): void {
    const media = [...this.#chosen.values()];
    if (!media.length) return;
    this.#around.answers.say(media, choice.name, "map");
    this.#around.tell(texts.labelled(media.length, calledOf(choice.name)));
    this.#choose([], 0, false);
  }

  #lasso(): void {
    if (this.#canvas) this.#canvas.hand.lassoing = !this.#canvas.hand.lassoing;
  }

  #escape(canvas: SortCanvas): void {
    if (canvas.hand.lassoing) canvas.hand.lassoing = false;
    else this.#choose([], 0, false);
  }

  #tell(): void {
    const lassoing = this.#canvas?.hand.lassoing ?? false;
    const coarse = window.matchMedia("(pointer: coarse)").matches;
    const hint = coarse ? texts.touchHint : texts.hint;
    this.#tools.show(lassoing, lassoing ? texts.lassoing : this.#progress || hint);
  }

  #repaint(): void {
    this.element.classList.toggle("faded", this.#tools.fades);
    this.#canvas?.repaint();
  }
}

/** What predictions and settled conflicts depend on. */
function standOf({ round, n_conflicts }: SortState): string {
  return `${round?.number ?? 0} ${n_conflicts}`;
}

function noAtlas(): HTMLElement {
  const [why = "", how = ""] = texts.absent;
  return el(
    "div",
    { class: "opening map-absent" },
    el("div", {}, el("h2", {}, texts.absentTitle), el("p", {}, why), el("p", {}, how)),
  );
}

export const make: MakeView = (around) => new MapView(around);
