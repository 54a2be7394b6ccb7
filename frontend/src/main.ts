import "./ui/theme.css";

import { AtlasMap, type Insets } from "./atlas/map";
import { Marking } from "./atlas/marking";
import { rowsInside } from "./atlas/shape";
import { AtlasError } from "./data/errors";
import { LayoutSource } from "./data/layouts";
import { Extras } from "./extras";
import { LayoutChange } from "./layoutchange";
import { Navigation } from "./navigation";
import { layoutChooser } from "./panels/layouts";
import { makePanels, type Panels } from "./panels/panels";
import { Painter } from "./panels/painter";
import { selectBar } from "./panels/selectbar";
import { siblings } from "./panels/siblings";
import { similar } from "./panels/similar";
import { followTitle } from "./pagetitle";
import { parsePlace, type Place } from "./place";
import { withValues } from "./query";
import { Store } from "./store";
import { aboutDialog } from "./ui/about";
import { Appearance } from "./ui/appearance";
import type { CardPage } from "./ui/card";
import { CardSteps } from "./ui/cardsteps";
import { el } from "./ui/dom";
import { addressIn, chooseLanguage, speak, translate } from "./ui/language";
import { nameOf } from "./ui/names";
import { failurePage, noticeBoard } from "./ui/notices";
import { offlinePart, renewKept } from "./ui/offline";
import { Panel } from "./ui/panel";
import { attribution, controls, plate } from "./ui/surround";
import { texts } from "./ui/texts";
import { welcome } from "./ui/welcome";
import { MapView } from "./mapview";
import { Visit } from "./visit";

/** The page of one atlas: its parts, and what each asks of the others. */
class Page {
  readonly #source: LayoutSource;
  readonly #store = new Store();
  readonly #visit: Visit;
  readonly #panel: Panel;
  readonly #panels: Panels;
  readonly #extras: Extras;
  readonly #map: AtlasMap;
  readonly #painter: Painter;
  readonly #steps: CardSteps;
  readonly #appearance: Appearance;
  readonly #change: LayoutChange;
  readonly #marking: Marking;
  readonly #navigation: Navigation;
  readonly #view: MapView;

  constructor(root: HTMLElement, source: LayoutSource) {
    this.#source = source;
    this.#appearance = new Appearance(source.atlas);
    this.#visit = new Visit(source, this.#store);
    this.#panels = this.#makePanels();
    this.#extras = this.#makeExtras();
    this.#steps = new CardSteps(source, this.#store, (row) => void this.#visit.openRow(row));
    this.#panel = new Panel(this.#store, this.#cardPage(), {
      close: () => {
        this.#close();
      },
      retry: () => {
        this.#visit.retry();
      },
      look: () => {
        this.#store.set({ looking: true });
      },
    });
    this.#steps.listen(this.#panel.element);
    const canvas = el("div", { class: "map", role: "application", "aria-label": texts.map });
    root.replaceChildren(canvas, ...this.#surround(), this.#panel.element);
    this.#map = this.#makeMap(canvas);
    this.#view = new MapView(root, this.#map, source, this.#store, this.#visit);
    this.#painter = new Painter(this.#map.leaflet, source, this.#store, this.#panels);
    const { explorer } = this.#panels;
    this.#change = new LayoutChange(source, this.#store, this.#map, (work) =>
      explorer.attempt(work),
    );
    this.#marking = new Marking(this.#map, source, this.#store, (work) => explorer.attempt(work));
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
      const { selection, about, drawing, looking } = this.#store.state;
      if (event.key === "Escape" && drawing) this.#store.set({ drawing: null });
      else if (event.key === "Escape" && selection && !about && !looking) this.#close();
      if (event.key === "/" && !(event.target instanceof HTMLInputElement)) {
        event.preventDefault();
        this.#panels.search?.focus();
      }
    });
  }

  #place(): Place {
    const { selection, query, colour, pane, layout, names, looking } = this.#store.state;
    const card = selection?.id ?? null;
    return { view: this.#map.view, card, query, colour, pane, layout, names, looking };
  }

  #makePanels(): Panels {
    return makePanels(this.#source, this.#store, this.#plate(), {
      sight: () => this.#map.sight,
      rowsInside: (area, layout) =>
        rowsInside(this.#source.ground(layout) ?? this.#source, area, this.#source.n),
      found: (row) => void this.#goToRow(row),
      chosen: (row) => void this.#visit.openRow(row),
    });
  }

  #cardPage(): CardPage {
    const source = this.#source;
    const open = (row: number): void => void this.#visit.openRow(row);
    return {
      atlas: source.atlas,
      addressOf: (path) => source.address(path),
      ask: (column, value) => {
        const { query } = this.#store.state;
        this.#store.set({ query: withValues(query, column, [value]) });
      },
      steps: this.#steps.buttons,
      others: (card, row) =>
        el(
          "div",
          { class: "card-others" },
          siblings(source, card.siblings ?? [], open),
          similar(source, row, open),
        ),
      extras: [(_, row) => this.#extras.card(row)],
    };
  }

  #plate(): HTMLElement {
    return plate(this.#source.atlas, (path) => this.#source.address(path));
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
    const tools = controls({
      zoom: (steps) => {
        this.#view.zoom(steps);
      },
      showAll: () => {
        this.#map.fit(true);
      },
      about,
    });
    const { layouts } = this.#source;
    if (layouts.length > 1)
      tools.append(
        layoutChooser(layouts, this.#store, {
          choose: (name) => void this.#choose(name),
          showMarks: (shown) => {
            this.#marking.toggle(shown);
          },
        }),
      );
    return [
      this.#panels.side.element,
      tools,
      attribution(this.#source.atlas, about),
      selectBar(this.#store, () => {
        this.#painter.select(this.#map.sight);
      }),
      noticeBoard(this.#store),
      this.#about(),
      welcome(this.#source.atlas, this.#store),
    ];
  }

  #about(): HTMLElement {
    const dialog = aboutDialog(this.#source.described, this.#store, {
      address: (path) => this.#source.address(path),
      appearance: this.#appearance,
      speak: (language) => {
        window.location.assign(addressIn(language, window.location.href));
      },
    });
    const offline = offlinePart(this.#source, this.#store);
    if (offline) dialog.querySelector("footer")?.before(offline);
    return dialog;
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
        // whoever clicks or filters hears then what could not be read
        this.#source.readyPlaces().catch(() => undefined);
        void renewKept(this.#source);
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
    followTitle(this.#source, this.#store);
    this.#store.watch(
      ({ selection }) => selection,
      (selection) => {
        const open = selection?.status === "open" ? selection : null;
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
      ({ looking }) => looking,
      () => {
        this.#navigation.turned();
      },
    );
    for (const part of ["pane", "names"] as const)
      this.#store.onChange(
        (state) => state[part],
        () => {
          this.#navigation.adjusted();
        },
      );
  }

  async #choose(layout: string): Promise<void> {
    if (await this.#change.choose(layout)) this.#navigation.turned();
  }

  #close(): void {
    this.#visit.close();
    this.#map.focus();
  }

  #go({ view, card, query, colour, pane, layout, names, looking }: Place): void {
    this.#store.set({ query, colour, names, looking });
    const isOther = this.#source.known(layout) !== this.#source.shown;
    const isShown = isOther && this.#change.go(layout, view);
    if (!isShown && view) this.#map.go(view);
    else if (!isShown) this.#map.fit(false);
    // the list asks the map what is in sight: the map must be somewhere by then
    this.#store.set({ pane });
    if (!isShown && !view && pane) this.#map.fit(false);
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

/** Open the atlas, and bring the page to the language of the visitor or of the collection. */
async function opened(address: string): Promise<LayoutSource> {
  const { search } = window.location;
  const wanted = (collection: string) => chooseLanguage(search, collection, navigator.languages);
  const spoken = speak(wanted(""));
  const reading = LayoutSource.open(address, window.fetch.bind(window));
  await Promise.allSettled([spoken, reading]);
  const source = await reading;
  const language = source.atlas.appearance?.language ?? "";
  if (wanted(language) !== wanted("")) await speak(wanted(language));
  translate(source.atlas);
  return source;
}

async function start(root: HTMLElement): Promise<void> {
  root.replaceChildren(el("p", { class: "opening", role: "status" }, texts.loading));
  const address = new URL("atlas.json", document.baseURI).href;
  try {
    new Page(root, await opened(address)).start();
  } catch (error) {
    if (!(error instanceof AtlasError)) throw error;
    root.replaceChildren(failurePage(error.trouble, () => void start(root)));
  }
}

void start(document.getElementById("page") ?? document.body);
