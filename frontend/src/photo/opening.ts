import type { DataSource } from "../data/source";
import type { ExtrasPage } from "../extras";
import type { Store } from "../store";
import { button, icon } from "../ui/dom";
import { type Looker, serverLooker } from "./asking";
import { PhotoPanel } from "./photo";
import { speakAsPage } from "../ui/language";
import { texts } from "./texts";

const CAMERA =
  "M4 8.5a2 2 0 0 1 2-2h1.8L9.3 4.5h5.4l1.5 2H18a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2zM12 15.8a3.3 3.3 0 1 0 0-6.6 3.3 3.3 0 0 0 0 6.6";

/** Return who looks at photographs: a server that can, or else the page itself. */
export async function lookerOf(source: DataSource, powers: ReadonlySet<string>): Promise<Looker> {
  await speakAsPage(texts, { de: async () => (await import("./texts.de")).german });
  const { photograph } = source.atlas;
  if (powers.has("photograph") || !photograph) return serverLooker(source);
  const { PageLooker } = await import("./looking");
  return new PageLooker(source, photograph);
}

/** Put the button that asks for a photograph beside the search. */
export function offerPhotographs(
  source: DataSource,
  store: Store,
  looker: Looker,
  page: ExtrasPage,
): void {
  const panel = new PhotoPanel(source, store, looker, {
    ...page,
    closed: () => {
      opener.setAttribute("aria-expanded", "false");
      opener.focus();
    },
  });
  const opener = button(
    { class: "round photo-open", title: texts.open, "aria-label": texts.open },
    () => {
      panel.toggle();
      opener.setAttribute("aria-expanded", String(!panel.element.hidden));
    },
    icon(CAMERA),
  );
  opener.setAttribute("aria-expanded", "false");
  const place = page.side.querySelector(".search") ?? page.side.firstElementChild;
  place?.append(opener);
  page.side.insertBefore(panel.element, page.side.lastElementChild);
}
