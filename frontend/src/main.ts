import "./ui/theme.css";

import { AtlasMap, type Insets } from "./atlas/map";
import { rowsInside } from "./atlas/shape";
import { AtlasError } from "./data/errors";
import { HttpSource } from "./data/http";
import type { DataSource } from "./data/source";
import { Extras } from "./extras";
import { Navigation } from "./navigation";
import { makePanels, type Panels } from "./panels/panels";
import { Painter } from "./panels/painter";
import { selectBar } from "./panels/selectbar";
import { similar } from "./panels/similar";
import { parsePlace, type Place } from "./place";
import { Store } from "./store";
import { aboutDialog } from "./ui/about";
import { el } from "./ui/dom";
import { nameOf, titleOf } from "./ui/names";
import { failurePage, noticeBoard } from "./ui/notices";
import { Panel } from "./ui/panel";
import { attribution, controls, plate } from "./ui/surround";
import { texts } from "./ui/texts";
import { Visit } from "./visit";

/** The page of one atlas: its parts, and what each asks of the others. */
class Page {
  readonly #source: DataSource;
  readonly #store = new Store();
  readonly #visit: Visit;
  readonly #panel: Panel;
  readonly #panels: Panels;
  readonly #extras: Extras;
  readonly #map: AtlasMap;
  readonly #painter: Painter;
  readonly #navigation: Navigation;

  constructor(root: HTMLElement, source: DataSource) {
    this.#source = source;
    this.#visit = new Visit(source, this.#store);
    this.#panels = this.#makePanels();
    this.#extras = this.#makeExtras();
    this.#panel = new Panel(this.#store, (path) => source.address(path), {
      close: () => {
        this.#close();
      },
      retry: () => {
        this.#visit.retry();
      },
      below: (row) =>
        el(
          "div",
          {},
          similar(source, row, (near) => void this.#visit.openRow(near)),
          this.#extras.card(row),
        ),
    });
    const canvas = el("div", { class: "map", role: "application", "aria-label": texts.map });
    root.replaceChildren(canvas, ...this.#surround(), this.#panel.element);
    this.#map = this.#makeMap(canvas);
    this.#painter = new Painter(this.#map.leaflet, source, this.#store, this.#panels);
    this.#navigation = new Navigation(
      {
        place: () => this.#place(),
        go: (place) => {
          this.#go(place);
        },
        span: () => this.#map.span,
      },
      window,
    );
  }

  /** Show what the address asks for, and from then on keep both in step. */
  start(): void {
    this.#navigation.go(parsePlace(window.location.hash));
    this.#watch();
    this.#watchWishes();
    if (this.#source.absent.length)
      this.#store.notice({ kind: "absent", what: this.#source.absent });
    document.addEventListener("keydown", (event) => {
      const { selection, about, drawing } = this.#store.state;
      if (event.key === "Escape" && drawing) this.#store.set({ drawing: null });
      else if (event.key === "Escape" && selection && !about) this.#close();
      if (event.key === "/" && !(event.target instanceof HTMLInputElement)) {
        event.preventDefault();
        this.#panels.search?.focus();
      }
    });
  }

  #place(): Place {
    const { selection, query, colour, pane } = this.#store.state;
    return { view: this.#map.view, card: selection?.id ?? null, query, colour, pane };
  }

  #makePanels(): Panels {
    return makePanels(this.#source, this.#store, plate(this.#source.atlas), {
      sight: () => this.#map.sight,
      rowsInside: (area) => rowsInside(this.#source, area, this.#source.n),
      found: (row) => void this.#goToRow(row),
      chosen: (row) => void this.#visit.openRow(row),
    });
  }

  #makeExtras(): Extras {
    return new Extras(this.#source, this.#store, {
      side: this.#panels.side.element,
      open: (row) => void this.#goToRow(row),
      showAll: () => {
        this.#map.fit(true);
      },
    });
  }

  #surround(): HTMLElement[] {
    const about = (): void => {
      this.#store.set({ about: true });
    };
    return [
      this.#panels.side.element,
      controls({
        zoom: (steps) => {
          this.#map.zoom(steps);
        },
        showAll: () => {
          this.#map.fit(true);
        },
        about,
      }),
      attribution(this.#source.atlas, about),
      selectBar(this.#store, () => {
        this.#painter.select(this.#map.sight);
      }),
      noticeBoard(this.#store),
      aboutDialog(this.#source.atlas, this.#store),
    ];
  }

  #makeMap(canvas: HTMLElement): AtlasMap {
    const insets = (): Insets => {
      const { side } = this.#panels;
      const [card, pane] = [this.#panel.covered, side.covered];
      const bottom = Math.max(card.bottom, pane.bottom, this.#extras.covered);
      return { top: side.top, right: card.right, bottom, left: pane.left };
    };
    return new AtlasMap(canvas, this.#source, insets, {
      ready: () => {
        document.documentElement.dataset["ready"] = "true";
      },
      moved: () => {
        this.#navigation.moved();
        this.#panels.list.moved();
      },
      chosen: (sprite) => {
        if (sprite) void this.#visit.openSprite(sprite);
        else if (this.#store.state.selection) this.#close();
      },
      failed: (error) => {
        if (!(error instanceof AtlasError)) throw error;
        this.#store.notice(error.trouble);
      },
      name: async ({ row }) => nameOf(await this.#source.card(row)),
    });
  }

  #watch(): void {
    const { title } = this.#source.atlas;
    this.#store.watch(
      ({ selection }) => selection,
      (selection) => {
        const open = selection?.status === "open" ? selection : null;
        const parts = [open && titleOf(open.card), title || texts.atlas];
        document.title = parts.filter(Boolean).join(" · ");
        const { dataset } = document.documentElement;
        if (open) dataset["card"] = open.id;
        else delete dataset["card"];
        const { marked } = this.#store.state;
        if (open && marked) void this.#map.bringIntoSight(marked, true);
      },
    );
    this.#store.onChange(
      ({ selection }) => selection?.id ?? null,
      () => {
        this.#navigation.turned();
      },
    );
    this.#store.watch(
      ({ marked }) => marked,
      (sprite) => {
        this.#map.mark(sprite);
      },
    );
  }

  /** Write to the address what else is shown than a place and a card. */
  #watchWishes(): void {
    for (const part of ["query", "colour"] as const)
      this.#store.onChange(
        (state) => state[part],
        () => {
          if (!this.#panels.filters.unsettled) this.#navigation.turned();
        },
      );
    this.#store.onChange(
      ({ pane }) => pane,
      () => {
        this.#navigation.adjusted();
      },
    );
  }

  #close(): void {
    this.#visit.close();
    this.#map.focus();
  }

  #go({ view, card, query, colour, pane }: Place): void {
    this.#store.set({ query, colour, pane });
    if (view) this.#map.go(view);
    else this.#map.fit(false);
    if (card === (this.#store.state.selection?.id ?? null)) return;
    if (card) void this.#goToCard(card, view !== null);
    else this.#visit.close();
  }

  /** Open the card of a row, close enough to see the medium. */
  async #goToRow(row: number): Promise<void> {
    const sprite = await this.#panels.explorer.attempt(() => this.#source.sprite(row));
    if (sprite) this.#map.goTo(sprite);
    await this.#visit.openRow(row);
  }

  /** Open a card by its id; a view that was asked for is kept if it shows the sprite. */
  async #goToCard(id: string, keepView: boolean): Promise<void> {
    const sprite = await this.#visit.openId(id);
    if (!sprite) return;
    if (!keepView || !this.#map.sees(sprite)) this.#map.goTo(sprite);
    this.#navigation.adjusted();
  }
}

async function start(root: HTMLElement): Promise<void> {
  root.replaceChildren(el("p", { class: "opening", role: "status" }, texts.loading));
  const address = new URL("atlas.json", document.baseURI).href;
  try {
    const source = await HttpSource.open(address, window.fetch.bind(window));
    new Page(root, source).start();
  } catch (error) {
    if (!(error instanceof AtlasError)) throw error;
    root.replaceChildren(failurePage(error.trouble, () => void start(root)));
  }
}

void start(document.getElementById("page") ?? document.body);
