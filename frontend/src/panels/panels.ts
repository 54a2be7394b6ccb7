import type { Rectangle } from "../data/morton";
import type { Finding } from "../data/findings";
import type { DataSource } from "../data/source";
import type { Store } from "../store";
import { chips } from "./chips";
import { ColoursPane } from "./colours";
import { Explorer, type RowsInside } from "./explorer";
import { FiltersPane } from "./filters";
import { ListPane } from "./list";
import { SearchBox } from "./searchbox";
import { Side } from "./side";
import { TreemapPane } from "./treemap";

/** What the panels ask of the page. */
export interface PanelsPage {
  /** What of the map is in the window. */
  readonly sight: () => Rectangle;
  readonly rowsInside: RowsInside;
  /** Show the only medium that was found. */
  readonly found: (row: number) => void;
  /** Show a medium of the list. */
  readonly chosen: (row: number) => void;
}

/** All that stands at the side of the map. */
export interface Panels {
  readonly explorer: Explorer;
  readonly side: Side;
  readonly filters: FiltersPane;
  readonly colours: ColoursPane;
  readonly list: ListPane;
  readonly search: SearchBox | null;
}

/** Make the panels of an atlas. */
export function makePanels(
  source: DataSource,
  store: Store,
  plate: HTMLElement,
  page: PanelsPage,
): Panels {
  const explorer = new Explorer(source, store, page.rowsInside);
  const filters = new FiltersPane(source, store, explorer);
  const colours = new ColoursPane(source.atlas, store, explorer);
  const list = new ListPane(source, store, explorer, page);
  const choose = async (finding: Finding): Promise<void> => {
    const rows =
      finding.count === 1 ? await explorer.attempt(() => source.rowsOfFinding(finding)) : null;
    const [row] = rows ?? [];
    if (row !== undefined) page.found(row);
    else {
      explorer.ask(finding);
      store.set({ pane: "list" });
    }
  };
  const search = searchBox(source, explorer, choose);
  const side = new Side(store, {
    plate,
    search: search?.element ?? null,
    found: chips(source.atlas, store),
    panes: {
      filters: filters.element,
      colour: colours.element,
      treemap: new TreemapPane(source, store, explorer).element,
      list: list.element,
    },
  });
  return { explorer, side, filters, colours, list, search };
}

function searchBox(
  source: DataSource,
  explorer: Explorer,
  choose: (finding: Finding) => Promise<void>,
): SearchBox | null {
  if (!source.atlas.search) return null;
  return new SearchBox(source, {
    chosen: (finding) => void choose(finding),
    failed: (error) => {
      explorer.fail(error);
    },
  });
}
