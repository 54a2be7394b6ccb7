import { askWho, knownWho } from "../sort/who";
import type { Keeper } from "./keeper";

/** Who sits here: asked once, before the first statement, and remembered. */
export class Who {
  readonly #keeper: Keeper;
  readonly #listeners: (() => void)[] = [];

  constructor(keeper: Keeper) {
    this.#keeper = keeper;
  }

  /** The name, or an empty text until it was asked for. */
  get name(): string {
    return knownWho(window.localStorage) ?? "";
  }

  /** Return the name, asked for if need be; null if the question was closed. */
  async ask(again = false): Promise<string | null> {
    if (this.name && !again) return this.name;
    const proposed = this.name || (await this.#keeper.proposedWho());
    const who = await askWho(window.localStorage, proposed);
    for (const tell of this.#listeners) tell();
    return who;
  }

  onChange(tell: () => void): void {
    this.#listeners.push(tell);
  }
}
