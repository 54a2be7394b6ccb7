import "./offline.css";

import type { DataSource } from "../data/source";
import { BUDGET } from "../offline/names";
import type { Store } from "../store";
import { el } from "./dom";
import { texts } from "./texts";

const MEGABYTE = 2 ** 20;

/** Make the part with the switch that keeps an atlas; null where the browser can keep none. */
export function offlinePart(source: DataSource, store: Store): HTMLElement | null {
  if (!window.isSecureContext || !("serviceWorker" in navigator)) return null;
  const box = el("input", { type: "checkbox", role: "switch", "aria-describedby": "offline-hint" });
  // until it is known whether the atlas is kept
  box.disabled = true;
  const said = el("p", { class: "offline-said", role: "status" });
  const part = el(
    "section",
    { class: "about-part offline" },
    el("h3", {}, texts.offline.title),
    el("label", { class: "offline-switch" }, box, texts.offline.keep),
    el("p", { class: "offline-hint", id: "offline-hint" }, texts.offline.hint(BUDGET / MEGABYTE)),
    said,
  );
  box.addEventListener("change", () => void change(source, box, said));
  let known = false;
  store.watch(
    ({ about }) => about,
    (open) => {
      if (!open || known) return;
      known = true;
      void shown(box, said).finally(() => {
        box.disabled = false;
      });
    },
  );
  return part;
}

let renewing = false;

/** Once a visit, bring what is kept of an atlas up to what was published since. */
export async function renewKept(source: DataSource): Promise<void> {
  if (renewing || !("serviceWorker" in navigator) || !navigator.serviceWorker.controller) return;
  renewing = true;
  const { renew } = await import("../offline/keep");
  // what could not be kept now is kept at the next visit
  if (await renew(source).catch(() => false)) document.documentElement.dataset["kept"] = "true";
}

/** Show whether the atlas is kept, and how much of it. */
async function shown(box: HTMLInputElement, said: HTMLElement): Promise<void> {
  const { isKept, keptBytes } = await import("../offline/keep");
  box.checked = await isKept();
  if (box.checked) said.textContent = texts.offline.kept(Math.ceil((await keptBytes()) / MEGABYTE));
}

async function change(source: DataSource, box: HTMLInputElement, said: HTMLElement): Promise<void> {
  const { forget, keep } = await import("../offline/keep");
  box.disabled = true;
  try {
    if (box.checked)
      await keep(source, (share) => {
        said.textContent = texts.offline.keeping(Math.round(100 * share));
      });
    else {
      await forget();
      said.textContent = texts.offline.forgotten;
    }
    await shown(box, said);
  } catch {
    // private windows and full disks refuse in ways that differ from browser to browser
    box.checked = false;
    said.textContent = texts.offline.failed;
  } finally {
    box.disabled = false;
  }
  document.documentElement.dataset["kept"] = String(box.checked);
}
