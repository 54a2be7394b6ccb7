import type { KeyLines } from "../../ui/dialogs";
import { count } from "../rounds/texts";

const some = (n: number): string => (n === 1 ? "1 image" : `${count(n)} images`);

/** The texts of the Map tab. */
export const texts = {
  loading: "Opening the atlas …",
  absentTitle: "No atlas was built yet.",
  absent: [
    "A map shows like beside like, so that many can be labelled at once. To have one:",
    "run wk run in the folder of the collection (it makes layout, tiles and atlas), then start wk curate again.",
  ],
  failed: "The atlas cannot be read.",
  map: "Map of the media. Arrow keys move it, plus and minus zoom, Enter selects the image in the middle, L takes up the lasso.",
  lasso: "Lasso",
  lassoHint: "Draw around images to select them (L). Shift and drag draws a rectangle.",
  sight: "All in sight",
  sightHint: "Select every image in sight (A)",
  marks: "Marks",
  kinds: {
    all: "labels and predictions",
    labels: "labels alone",
    none: "none",
  },
  fade: "Fade pictures",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  whole: "Show the whole atlas",
  hint: "Shift and drag, or take up the lasso (L), to select images; then label all of them at once.",
  touchHint: "Take up the lasso and draw around images; then label all of them at once.",
  lassoing: "Draw around images. Esc puts the lasso down.",
  reading: (n: number, all: number): string => `Reading ${count(n)} of ${count(all)} …`,
  selected: (n: number): string => `${count(n)} selected`,
  already: (n: number): string => `${count(n)} of them you labelled before`,
  outside: (n: number): string =>
    n === 1
      ? "1 image there is not part of this task"
      : `${some(n)} there are not part of this task`,
  nothing: "There is no image inside.",
  adds: "Add to it",
  clear: "Clear",
  labelled: (n: number, value: string): string => `${some(n)}: ${value}.`,
  legend: "Marks on the map",
  said: "labelled",
  proposed: "predicted",
};

/** Keys of the Map tab. */
export const MAP_KEYS: KeyLines = [
  ["L", "take up the lasso, put it down"],
  ["A", "select all in sight"],
  ["Enter", "select the image in the middle, or not"],
  ["Esc", "clear the selection"],
  ["← → ↑ ↓", "move the map"],
  ["+ −", "zoom in, out"],
  ["Home", "show the whole atlas"],
];
