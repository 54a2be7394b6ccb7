import { el } from "../../ui/dom";
import { texts } from "./texts";
import type { SortState } from "../schema";
import type { Around } from "../view";

/** Files of what was sorted, to take away, and a way to bring labels in. */
export class FilesPanel {
  readonly element: HTMLElement;
  readonly #around: Around;
  readonly #links = el("ul", { class: "files" });
  readonly #file = el("input", { type: "file", accept: ".json,application/json" });
  #classes = "";

  constructor(around: Around) {
    this.#around = around;
    this.#file.addEventListener("change", () => void this.#bring());
    const { files } = texts;
    this.element = el(
      "section",
      { class: "panel-files", "aria-labelledby": "files-title" },
      el("h2", { id: "files-title" }, files.title),
      el("h3", {}, files.exports),
      this.#links,
      el("h3", {}, files.bring),
      el("label", { class: "files-bring" }, el("span", {}, files.bringHint), this.#file),
    );
  }

  refresh({ classes }: SortState): void {
    const names = classes.map(({ name }) => name).filter((name) => name !== "unsure");
    if (names.join(" ") === this.#classes) return;
    this.#classes = names.join(" ");
    const { files } = texts;
    this.#links.replaceChildren(
      ...Object.entries(files.names).map(([kind, text]) => this.#link(kind, text)),
      ...names.map((name) => this.#link(`ids-${name}.txt`, files.ids(name))),
    );
  }

  #link(kind: string, text: string): HTMLElement {
    const { api } = this.#around;
    const name = `${api.task}-${kind}`;
    const address = api.exported(kind);
    return el("li", {}, el("a", { href: address, download: name }, kind), ` ${text}`);
  }

  async #bring(): Promise<void> {
    const [file] = this.#file.files ?? [];
    if (!file) return;
    const { api, who } = this.#around;
    await this.#around.attempt(async () => {
      const { saved, n_unknown } = await api.bring(who, file);
      this.#around.tell(texts.files.brought(saved, n_unknown));
      await this.#around.reload();
    });
    this.#file.value = "";
  }
}
