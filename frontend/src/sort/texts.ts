import type { KeyLines } from "../ui/dialogs";
import type { ViewName } from "./place";

const number = new Intl.NumberFormat("en-GB");
const percent = (share: number): string => `${Math.round(100 * share)} %`;
const plural = (n: number, one: string, many: string): string =>
  `${number.format(n)} ${n === 1 ? one : many}`;

/** All words that the page for sorting says by itself; charts, people and map have their own. */
export const texts = {
  loading: "Opening the collection …",
  title: "Sort",
  again: "Try again",
  close: "Close",
  help: "Help and keys",
  number: (n: number): string => number.format(n),
  percent,
  task: "Task",
  noTask: "This collection has no task to sort by.",
  noTaskHint:
    "Write a table [[sort]] with task and classes into collection.toml, then start again.",
  tabs: "Views",
  views: {
    label: "Label",
    grid: "Grid",
    map: "Map",
    rounds: "Rounds",
    people: "People",
  } satisfies Record<ViewName, string>,
  labelled: (n: number, all: number): string =>
    `${number.format(n)} of ${number.format(all)} labelled`,
  unsure: (n: number): string => `${number.format(n)} not sure`,
  since: (n: number, round: number): string => `${number.format(n)} since round ${round}`,
  unsent: (n: number): string => `${number.format(n)} not saved`,
  unsentHint:
    "The server does not answer. What you said is kept in this tab and sent when it is back.",
  sending: "Saving …",
  saved: "All saved",
  savedAgain: "The server is back: all answers are saved.",
  savedHint: "Every answer you gave is on the server’s disk.",
  train: "Train",
  trainHint: "Learn from all labels so far; you can label on meanwhile",
  training: (share: number): string => `Training ${percent(share)}`,
  trained: (round: number): string => `Round ${round} is done.`,
  undo: "Undo",
  undone: (n: number): string => `Took back ${plural(n, "answer", "answers")}.`,
  nothingToUndo: "There is nothing to take back in this visit.",
  refused: "The server did not take an answer.",
  failed: "This picture cannot be shown.",
  who: {
    title: "Who is labelling?",
    hint: "Your name stands with every answer you give, so that people can be compared.",
    field: "Name",
    go: "Start",
    change: (who: string): string => `${who}: change who is labelling`,
  },
  queue: "Queue",
  groups: {
    order: "In order",
    "unlabelled kinds": "Not labelled, by kind",
    "labelled kinds": "Labels to check",
    labels: "By label",
    looks: "By looks",
  } as Readonly<Record<string, string>>,
  label: {
    picture: "The picture to label",
    answers: "What it is",
    place: (index: number, n: number): string =>
      `${number.format(index + 1)} of ${number.format(n)}`,
    back: "Back",
    skip: "Skip",
    jump: "Jump to an id",
    jumpHint: "The id of a medium is 20 digits from 0 to 9 and a to f.",
    jumpField: "Id",
    jumpGo: "Open",
    notThere: (id: string): string => `No medium of this task has the id ${id}.`,
    notId: (text: string): string => `‘${text}’ is no id: 20 digits from 0 to 9 and a to f.`,
    end: "That was the last one of this queue.",
    start: "This is the first one.",
    empty: "There is nothing in this queue.",
    emptyHint: "Choose another queue, or train: then the next ones are chosen anew.",
    said: (value: string): string => `You said ${value}.`,
    saidNext: (value: string, next: string): string => `${value}. Next: ${next}`,
    opinion: "What the ensemble thinks",
    show: "Show opinion",
    hide: "Hide opinion",
    blind: "Hidden, so that it does not sway you. O shows it.",
    noOpinion: "The ensemble knows nothing of it before the first round.",
    votes: (n: number): string => `Votes of ${plural(n, "member", "members")}`,
    others: "What people said",
    you: "you",
    reason: "Why it is asked",
    conflict: "People disagree about this one: your answer settles it.",
    recent: "Answers of this visit",
    saved: "saved",
    notSaved: "not saved yet",
    fit: "Whole picture",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
  },
  grid: {
    label: "Pictures of the queue",
    answers: "Label what is selected",
    size: "Size",
    selected: (n: number): string => `${number.format(n)} selected`,
    labelled: (n: number, value: string): string =>
      `${plural(n, "picture", "pictures")}: ${value}.`,
    confirm: (n: number): string => `Rest as proposed (${number.format(n)})`,
    confirmHint: "Label all in sight that have no answer as the ensemble proposes, and go on",
    confirmed: (n: number): string => `${plural(n, "picture", "pictures")} labelled as proposed.`,
    nothing: "Select pictures first, or move the focus to one.",
    nothingProposed: "None in sight is without an answer and has a proposal.",
    all: "All in sight",
    clear: "Clear",
    proposed: (value: string, score: number): string => `proposed ${value}, ${percent(score)}`,
    hint: "Click, drag or use the arrow keys to select; then press a key of a class.",
    open: "Open large",
    proposals: "Show proposals",
    hideProposals: "Hide proposals",
    proposedOnly: "Which proposals are shown",
    proposedAll: "In order",
    proposedAs: (name: string): string => `proposed ${name}, surest first`,
  },
};

/** Keys that mean the same in all views. */
export const GENERAL_KEYS: KeyLines = [
  ["U Ctrl+Z", "take the last answers back"],
  ["?", "this help"],
];

export const LABEL_KEYS: KeyLines = [
  ["←", "back to the one before"],
  ["→ S", "skip"],
  ["J", "jump to an id"],
  ["O", "show or hide what the ensemble thinks"],
  ["+ −", "zoom in, out"],
  ["W", "whole picture"],
];

export const GRID_KEYS: KeyLines = [
  ["← → ↑ ↓", "move the focus; with Shift, select on the way"],
  ["Space Enter", "select or not"],
  ["A", "select all in sight"],
  ["Esc", "clear the selection"],
  ["C", "label the rest in sight as proposed, and go on"],
  ["O", "open the one in focus large"],
  ["+ −", "larger, smaller pictures"],
  ["PageDown PageUp", "on, back"],
];
