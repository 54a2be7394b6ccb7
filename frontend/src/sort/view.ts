import type { KeyLines } from "../ui/dialogs";
import type { Answers, Step } from "./answers";
import type { Api, QueueName } from "./api";
import type { ViewName } from "./place";
import type { SortState, TaskList } from "./schema";

/** One tab of the page. */
export interface View {
  readonly element: HTMLElement;
  /** Buttons at the foot of the page, from the left; without any, the foot is left out. */
  readonly actions?: readonly HTMLElement[];
  /** The keys that mean something here, for the help. */
  readonly keys?: KeyLines;
  /** The tab is opened: its element is in the page. */
  show(): Promise<void>;
  /** Another tab is opened. */
  hide(): void;
  /** Do what a key asks for; false if it means nothing here. Called only while shown. */
  key(event: KeyboardEvent): boolean;
  /** The state changed: labels were saved, a round is running or done. Called also while hidden. */
  refresh(state: SortState): void;
  /** Answers were taken back while this tab was open. */
  undone?(step: Step): void;
}

/** What a view asks of the page around it. */
export interface Around {
  readonly api: Api;
  readonly tasks: TaskList;
  /** What people said of media, and the way to say more: see answers.ts. */
  readonly answers: Answers;
  /** Who sits at the page. */
  readonly who: string;
  /** The state as it was read last. */
  readonly state: SortState;
  /** The queue that Label and Grid go through. */
  readonly queue: QueueName;
  /** The medium that the address names, or null. */
  readonly id: string | null;
  /** Open a tab, with another queue or at a medium if these are given. */
  go(to: { view?: ViewName; queue?: QueueName; id?: string }): void;
  /** Note which medium is looked at: it stands in the address. */
  at(id: string | null): void;
  /** Show a line of news at the foot; it is read out too. */
  tell(text: string): void;
  /** Do something that may fail; what the server says is shown. True if it did not fail. */
  attempt(work: () => Promise<unknown>): Promise<boolean>;
  /** Start a round. */
  train(): Promise<void>;
  /** Read the state again. */
  reload(): Promise<void>;
  /** Take the last statements back, wherever they were made. */
  undo(): void;
}

/** Makes a view; the modules of views export one as `make`. */
export type MakeView = (around: Around) => View;
