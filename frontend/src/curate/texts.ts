import type { Order, Tool } from "./api";
import { shown } from "./angles";
import type { Medium } from "./schema";

const number = new Intl.NumberFormat("en-GB");
const percent = (value: number): string => `${Math.floor(100 * value)} %`;
const ORDERS: Record<Order, string> = {
  worst: "Worst first",
  "least-sure": "Least sure first",
  unseen: "Not judged yet",
  judged: "Judged",
};
const NO_IMAGE =
  "Only media whose image was read can be reviewed. Run ‘wk run image’, or choose another order.";
const NO_LABEL = "Choose other labels above, or ‘All’ to see those that were decided.";
const FILTERS: Record<Order, string> = {
  worst: "All",
  "least-sure": "All",
  unseen: "Open",
  judged: "Decided",
};
const plural = (n: number, one: string, many: string): string =>
  `${number.format(n)} ${n === 1 ? one : many}`;

/** All words that the page for reviewing says by itself. */
export const texts = {
  loading: "Opening the collection …",
  tools: { cutout: "Cut-outs", upright: "Upright", labels: "Labels" } satisfies Record<
    Tool,
    string
  >,
  titles: {
    cutout: "Review cut-outs",
    upright: "Turn upright",
    labels: "Review labels",
  } satisfies Record<Tool, string>,
  toolsLabel: "What is reviewed",
  order: "Order",
  orders: { cutout: ORDERS, upright: ORDERS, labels: FILTERS } satisfies Record<
    Tool,
    Record<Order, string>
  >,
  queue: "Media to review",
  place: (index: number, n: number): string => `${number.format(index + 1)} of ${number.format(n)}`,
  judgedOf: (n: number): string => `${number.format(n)} judged`,
  progress: (judged: number, n: number): string =>
    `${number.format(judged)} of ${number.format(n)} were judged`,
  statements: (n: number): string => plural(n, "statement", "statements"),
  made: (n: number): string =>
    n === 0
      ? "Nothing was stated in this visit."
      : `${plural(n, "statement was", "statements were")} made in this visit: run ‘wk run’ to bring the collection up to date.`,
  end: "That was the last one.",
  empty: "There is nothing to review here.",
  emptyHints: { cutout: NO_IMAGE, upright: NO_IMAGE, labels: NO_LABEL } satisfies Record<
    Tool,
    string
  >,
  find: "Open",
  findLabel: "Open by id or file name",
  notFound: (name: string): string => `No medium is called ‘${name}’.`,
  drop: "Drop an image to open its medium",
  help: "Help",
  close: "Close",
  undo: "Undo",
  undone: "Taken back.",
  nothingToUndo: "Nothing was stated in this visit.",
  skip: "Skip",
  accept: "Accept",
  reject: "Reject",
  mend: "Save mask",
  previous: "Previous",
  saving: "Saving …",
  photograph: "Photograph with the mask",
  result: "Cut-out",
  failed: "This picture cannot be shown.",
  state: (medium: Medium, tool: Tool): string =>
    [sureness(medium, tool), medium.reason].filter(Boolean).join(" · "),
  agreement: (value: number): string => `machine and person agree by ${percent(value)}`,
  judged: (medium: Medium, tool: Tool): string => judged(medium, tool),
  tool: {
    label: "Drawing",
    brush: "Brush",
    eraser: "Eraser",
    polygon: "Polygon",
    "polygon-cut": "Cut polygon",
    hand: "Move",
    size: "Size",
    holes: "Fill holes",
    back: "Undo stroke",
    forth: "Redo stroke",
    tint: "Tint",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    fit: "Whole picture",
    start: "Start from",
    machine: "Machine",
    mine: "Mine",
    nothing: "Empty",
    ground: "Background",
    grounds: { checker: "Checks", white: "White", black: "Black", grey: "Grey" },
  },
  polygonHint: "Click corners; Enter or a click on the first closes it, Esc drops it.",
  dial: {
    label: "Turn",
    value: (degrees: number): string =>
      degrees === 0 ? "0 degrees" : `${Math.abs(degrees)} degrees ${sense(degrees)}`,
    field: "Degrees",
    shown,
    reset: "As photographed",
    machine: "As the machine says",
    left: "Quarter left",
    right: "Quarter right",
    save: "Save and next",
    hint: "The number says how far the specimen lies turned from upright, anticlockwise.",
  },
  labels: {
    which: "Which labels",
    choice: (rank: string, encoder: string, n: number): string =>
      `${rank} · ${encoder} · ${number.format(n)}`,
    museum: "Label",
    proposed: "Proposed",
    score: (score: number): string => `score ${score.toFixed(2)}`,
    encoders: (n: number): string => (n > 1 ? `suspected by ${n} encoders` : ""),
    scoreHint: "How well the label fits the features: 0 is suspect, 1 is not.",
    accept: "Accept",
    acceptHint: "The label is right (A)",
    reject: "Reject",
    rejectHint: "The label is wrong, and the right name is not known (R)",
    label: "label",
    unsure: "Not sure",
    unsureHint: "Leave it open; it comes again after those nobody has judged (N)",
    rename: "Rename",
    renameTo: "Rename to",
    noName: "Write the name that it should have.",
    sameName: "That is the label it has. Accept it if it is right.",
    newName: "Not a name of this collection yet",
    bear: (n: number): string => (n ? plural(n, "medium", "media") : "given in this visit"),
    among: "neighbour",
    neighbours: "Nearest neighbours",
    others: (name: string): string => `Others called ${name}`,
    nothingBeside: "None.",
    similarity: (value: number): string => value.toFixed(2),
    suspect: "The specimen whose label is suspected",
    beside: "The specimen to compare with",
    photograph: "Photograph",
    cutout: "Cut-out",
    closeBeside: "Close",
  },
  ask: {
    stay: "Stay",
    leave: "Leave without saving",
    save: "Save mask",
    unsaved: "This mask has strokes that were not saved.",
    unsavedHint: "What is saved is kept; the strokes since then are lost when you leave.",
    empty: "The mask is empty.",
    emptyHint: "That says: this photograph shows no specimen. It will be rejected.",
    reject: "Reject it",
  },
};

function sense(degrees: number): string {
  return degrees < 0 ? "clockwise" : "anticlockwise";
}

const SAID: Record<NonNullable<Medium["judgement"]["label"]>, (name: string) => string> = {
  accepted: () => "label accepted",
  rejected: () => "label rejected",
  renamed: (name) => `renamed to ${name}`,
  unsure: () => "not sure",
};

function sureness(medium: Medium, tool: Tool): string {
  if (medium.issue) return `${medium.issue.label} → ${medium.issue.proposed}?`;
  if (medium.confidence === null) {
    if (medium.reason) return "";
    if (tool === "cutout") return medium.made_by ? "" : "not cut out yet";
    return medium.made_by ? "" : "not turned yet";
  }
  return `${percent(medium.confidence)} sure`;
}

function judged({ judgement }: Medium, tool: Tool): string {
  const said: string[] = [];
  if (tool === "upright") {
    if (judgement.angle_deg !== null) said.push(`turned by ${shown(judgement.angle_deg)}`);
  } else if (tool === "labels") {
    if (judgement.label) said.push(SAID[judgement.label](judgement.name ?? ""));
  } else {
    if (judgement.mask) said.push("mask drawn");
    if (judgement.verdict) said.push(judgement.verdict);
  }
  if (!said.length) return "";
  const day = judgement.when.slice(0, 10);
  return `${said.join(", ")} by ${judgement.who}${day ? `, ${day}` : ""}`;
}

/** One key and what it does. */
export type Key = readonly [keys: string, does: string];

/** What the help lists, by tool. */
export const KEYS: Record<Tool, readonly Key[]> = {
  cutout: [
    ["A", "accept the cut-out as it is"],
    ["R", "reject: no usable specimen"],
    ["M", "save the mended mask"],
    ["S", "skip"],
    ["← →", "previous, next"],
    ["U", "take the last statement back"],
    ["B E", "brush, eraser"],
    ["P O", "polygon, cut polygon"],
    ["H, Space", "move the picture"],
    ["[ ]", "smaller, larger"],
    ["F", "fill holes"],
    ["Ctrl+Z", "undo a stroke"],
    ["Ctrl+Shift+Z", "redo it"],
    ["T", "hide or show the tint"],
    ["+ − 0", "zoom in, out, whole picture"],
    ["1 2 3", "start from the machine’s mask, mine, empty"],
  ],
  labels: [
    ["A", "accept: the label is right"],
    ["R", "reject: the label is wrong, the name unknown"],
    ["P", "rename as proposed"],
    ["E", "write another name; Enter renames"],
    ["N", "not sure: comes again later"],
    ["S", "skip"],
    ["← →", "previous, next"],
    ["U", "take the last statement back"],
    ["1 … 9", "compare with a neighbour"],
    ["Esc", "close the comparison"],
    ["T", "photograph or cut-out"],
    ["+ − 0", "zoom in, out, whole picture"],
  ],
  upright: [
    ["← →", "turn by 1°, with Shift by 10°"],
    ["↑ ↓, Q E", "turn by a quarter"],
    ["Enter", "save and next"],
    ["S", "skip"],
    ["PageUp PageDown", "previous, next"],
    ["U", "take the last statement back"],
    ["0", "as photographed"],
    ["P", "as the machine says"],
  ],
};
