import { ServerError } from "../data/server";
import { button, el } from "../ui/dom";
import { texts } from "./texts";

/** The line that says what became of the last statement, and takes it back. */
export class Note {
  readonly element = el("p", { class: "curating-note", role: "status" });
  #working = false;

  /** Do one thing at a time; what fails is said. */
  async doing(work: () => Promise<void>): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      const { title, detail } = error.problem;
      this.say([title, detail].filter(Boolean).join(" "));
    } finally {
      this.#working = false;
    }
  }

  say(text: string): void {
    this.element.replaceChildren(text);
  }

  /** Say that something was kept, and what to type for the map to show it. */
  kept(text: string, undo: () => Promise<void>): void {
    const back = (): void =>
      void this.doing(async () => {
        await undo();
        this.say(texts.undone);
      });
    this.element.replaceChildren(
      text,
      el("code", {}, texts.run),
      " ",
      button({ class: "quiet" }, back, texts.undo),
    );
  }
}
