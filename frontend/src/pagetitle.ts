import type { ReadableAtlas } from "./data/open";
import { namesOf } from "./panels/layouts";
import type { State, Store } from "./store";
import { titleOf } from "./ui/names";
import { texts } from "./ui/texts";

/** Say in the title of the page what it shows, what changes most first. */
export function followTitle(source: { readonly atlas: ReadableAtlas }, store: Store): void {
  for (const part of ["selection", "found", "layout"] as const)
    store.watch(
      (state) => state[part],
      () => {
        document.title = pageTitle(source.atlas, store.state);
      },
    );
}

/** The card, what was found, the layout if it is not the first, and the atlas. */
export function pageTitle(
  { layouts = [], title, n_media }: Pick<ReadableAtlas, "layouts" | "n_media" | "title">,
  { found, layout, selection }: Pick<State, "found" | "layout" | "selection">,
): string {
  const card = selection?.status === "open" ? titleOf(selection.card) : "";
  const place = layouts.findIndex(({ name }) => name === layout);
  return [
    card,
    found && found !== "all" ? texts.found.some(found.count, n_media) : "",
    place > 0 ? namesOf(layouts)[place] : "",
    title || texts.atlas,
  ]
    .filter(Boolean)
    .join(" · ");
}
