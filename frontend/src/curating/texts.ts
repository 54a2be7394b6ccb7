const number = new Intl.NumberFormat("en-GB");

const images = (n: number): string => (n === 1 ? "1 image" : `${number.format(n)} images`);

/** Texts of what a curator sees on the map. */
export const texts = {
  title: "Curate",
  as: (who: string): string => `as ${who}`,
  change: "Change who is curating",
  command: "wk serve --curate",
  quality: (task: string): string => task.charAt(0).toUpperCase() + task.slice(1),
  noTask: "Nothing is sorted here yet: wk curate new quality --classes good,bad makes a task.",
  turn: "Turn",
  mask: "Mask",
  name: "Name",
  opensEditor: "Mend the mask in the editor, in a new tab",
  turning: {
    title: "Turn upright",
    hint: "Drag around the picture, or use the arrow keys, until it stands on the guides.",
    field: "Degrees",
    left: "A quarter to the left",
    right: "A quarter to the right",
  },
  naming: {
    title: "State an identification",
    hint: "It stands beside the name of the record, with your name and the date.",
    rank: "Rank",
    field: "Name",
  },
  keep: "Keep",
  cancel: "Cancel",
  undo: "Undo",
  undone: "Taken back.",
  kept: (what: string): string => `Kept: ${what}. The map shows it after the next run: `,
  run: "wk run",
  turned: (degrees: string): string => `turned by ${degrees}°`,
  named: (name: string): string => name,
  sorted: (value: string | null): string => value ?? "no class",
  failed: "It could not be shown.",
  unreadable: "The pictures found have no ids here.",
  bar: {
    label: "Label what was found",
    all: (n: number): string => (n === 1 ? "Label it as" : `Label all ${number.format(n)} as`),
    sure: (n: number, value: string): string => `Label ${images(n)} as ${value}?`,
    sureHint: "One statement is kept for each; all can be taken back together.",
    progress: (done: number, all: number): string =>
      `${number.format(done)} of ${number.format(all)} kept…`,
    kept: (n: number, value: string): string => `${images(n)} labelled ${value}.`,
  },
};

export type CuratingTexts = typeof texts;
