import type { Kind } from "./api";
import type { Medium } from "./schema";

/** What one tool shows in the middle of the page, and does there. */
export interface Workbench {
  readonly element: HTMLElement;
  /** Buttons at the foot of the page, from the left. */
  readonly actions: readonly HTMLElement[];
  /** Show a medium, ready to be judged. */
  show(medium: Medium): Promise<void>;
  /** The picture of a medium that is shown first, to fetch it ahead. */
  shows(medium: Medium): Kind;
  /** Show nothing. */
  clear(): void;
  /** Take a medium that is shown as it is judged now. */
  update(medium: Medium): void;
  /** Do what a key asks for; false if it means nothing here. */
  key(event: KeyboardEvent): boolean;
  /** True if leaving would lose something. */
  readonly dirty: boolean;
  /** Ask whether to leave if something would be lost; true to go on. */
  mayLeave(): Promise<boolean>;
}

/** What a workbench asks of the page around it. */
export interface Surroundings {
  /** Do something that may fail; its failure is shown. Nothing else can be asked meanwhile. */
  busy(work: () => Promise<void>): Promise<void>;
  next(): Promise<void>;
  previous(): Promise<void>;
  say(text: string): void;
}
