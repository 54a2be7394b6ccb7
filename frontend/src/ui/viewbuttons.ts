import type { Store } from "../store";
import { button, el, icon, ICONS } from "./dom";
import { texts } from "./texts";

/** Make the buttons that say how the map is shown: names on it, the whole screen for it. */
export function viewButtons(store: Store, hasNames: boolean): HTMLElement[] {
  const buttons: HTMLElement[] = [];
  if (hasNames) buttons.push(namesButton(store));
  if (document.fullscreenEnabled) buttons.push(fullscreenButton());
  return buttons.length ? [el("div", { class: "control-group" }, ...buttons)] : [];
}

function namesButton(store: Store): HTMLElement {
  const { show } = texts.names;
  const made = button(
    { "aria-label": show, title: show },
    () => {
      store.set({ names: !store.state.names });
    },
    icon(ICONS.names),
  );
  store.watch(
    ({ names }) => names,
    (on) => {
      made.setAttribute("aria-pressed", String(on));
    },
  );
  return made;
}

function fullscreenButton(): HTMLElement {
  const label = texts.fullscreen;
  const made = button(
    { class: "fullscreen", "aria-label": label, title: label, "aria-pressed": false },
    () => {
      // a browser may refuse, in a frame for one: then nothing has changed
      if (document.fullscreenElement) document.exitFullscreen().catch(() => undefined);
      else document.documentElement.requestFullscreen().catch(() => undefined);
    },
    icon(ICONS.fullscreen),
  );
  document.addEventListener("fullscreenchange", () => {
    made.setAttribute("aria-pressed", String(document.fullscreenElement !== null));
  });
  return made;
}
