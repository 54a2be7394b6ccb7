import type { Statement } from "../curate/schema";
import type { SortTask } from "../sort/schema";
import { button, el } from "../ui/dom";
import { classButtons } from "./classes";
import type { Keeper, Subject } from "./keeper";
import { askName } from "./naming";
import { Note } from "./notes";
import { texts } from "./texts";
import { askTurn } from "./turning";
import type { Who } from "./who";

/** What a curator may state of the medium whose card is open. */
export class CuratingCard {
  readonly element: HTMLElement;
  readonly #id: string;
  readonly #keeper: Keeper;
  readonly #who: Who;
  readonly #note = new Note();
  readonly #as = el("span", { class: "curating-who" });

  constructor(id: string, keeper: Keeper, who: Who, powers: ReadonlySet<string>) {
    this.#id = id;
    this.#keeper = keeper;
    this.#who = who;
    const change = button(
      { class: "curating-as", title: texts.change, "aria-label": texts.change },
      () =>
        void this.#note.doing(async () => {
          await who.ask(true);
        }),
      this.#as,
    );
    this.#tellWho();
    who.onChange(() => {
      this.#tellWho();
    });
    const head = el("div", { class: "curating-head" }, el("h3", {}, texts.title), change);
    this.element = el(
      "section",
      { class: "card-curating", "aria-label": texts.title },
      head,
      this.#actions(powers),
      this.#note.element,
    );
  }

  /** Show how the medium is sorted, and let it be sorted otherwise. */
  showTasks(tasks: readonly SortTask[]): void {
    for (const task of tasks) {
      const { element, press } = classButtons(task, (value) => {
        void this.#note.doing(() => this.#sort(task.name, value, press));
      });
      const line = el("div", { class: "curating-line" }, texts.quality(task.name), element);
      this.#note.element.before(line);
      void this.#note.doing(async () => {
        press(await this.#keeper.sorted(task.name, this.#id, this.#who.name));
      });
    }
  }

  #tellWho(): void {
    this.#as.textContent = this.#who.name ? texts.as(this.#who.name) : "";
  }

  #actions(powers: ReadonlySet<string>): HTMLElement {
    const action = (text: string, work: () => Promise<void>, title = text): HTMLElement =>
      button({ class: "plain", title }, () => void this.#note.doing(work), text);
    return el(
      "div",
      { class: "curating-actions" },
      powers.has("upright") ? action(texts.turn, () => this.#turn()) : null,
      powers.has("cutout") ? action(texts.mask, () => this.#mend(), texts.opensEditor) : null,
      action(texts.name, () => this.#name()),
    );
  }

  async #turn(): Promise<void> {
    const medium = await this.#keeper.medium("upright", this.#id);
    const degrees = await askTurn(medium, this.#keeper.picture(medium));
    if (degrees === null) return;
    const value = String(degrees);
    await this.#state("upright", [{ term: "angle_deg", value }], texts.turned(value));
  }

  async #mend(): Promise<void> {
    const who = await this.#who.ask();
    if (who === null) return;
    const { photograph } = await this.#keeper.medium("upright", this.#id);
    window.open(this.#keeper.editor(photograph, who), "_blank", "noopener");
  }

  async #name(): Promise<void> {
    const naming = await askName((rank, text) => this.#keeper.names(rank, text));
    if (!naming) return;
    const { rank, name } = naming;
    await this.#state("name", [{ term: "name", value: name }], texts.named(name), { rank });
  }

  async #state(
    subject: Subject,
    statements: readonly Statement[],
    what: string,
    asked: Record<string, string> = {},
  ): Promise<void> {
    const who = await this.#who.ask();
    if (who === null) return;
    const said = { ...asked, who };
    const { before } = await this.#keeper.state(subject, this.#id, statements, said);
    this.#note.kept(texts.kept(what), async () => {
      await this.#keeper.state(subject, this.#id, before, said);
    });
  }

  async #sort(task: string, value: string, press: (value: string | null) => void): Promise<void> {
    const who = await this.#who.ask();
    if (who === null) return;
    const before = await this.#keeper.sort(task, who, [{ id: this.#id, value }]);
    press(value);
    this.#note.kept(texts.kept(texts.sorted(value)), async () => {
      await this.#keeper.sort(task, who, before);
      press(before[0]?.value ?? null);
    });
  }
}
