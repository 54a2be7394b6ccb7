import type { CuratingTexts } from "./texts";

const number = new Intl.NumberFormat("de-DE");

const images = (n: number): string => (n === 1 ? "1 Bild" : `${number.format(n)} Bilder`);

/** Texts of what a curator sees on the map in German. */
export const german: CuratingTexts = {
  title: "Kuratieren",
  as: (who) => `als ${who}`,
  change: "Ändern, wer kuratiert",
  command: "wk serve --curate",
  quality: (task) => task.charAt(0).toUpperCase() + task.slice(1),
  noTask:
    "Hier wird noch nichts sortiert: wk curate new quality --classes good,bad legt eine Aufgabe an.",
  turn: "Drehen",
  mask: "Maske",
  name: "Name",
  opensEditor: "Die Maske im Editor ausbessern, in einem neuen Tab",
  turning: {
    title: "Aufrichten",
    hint: "Um das Bild ziehen oder die Pfeiltasten benutzen, bis es auf den Linien steht.",
    field: "Grad",
    left: "Eine Vierteldrehung nach links",
    right: "Eine Vierteldrehung nach rechts",
  },
  naming: {
    title: "Eine Bestimmung angeben",
    hint: "Sie steht neben dem Namen der Quelle, mit Ihrem Namen und dem Datum.",
    rank: "Rang",
    field: "Name",
  },
  keep: "Behalten",
  cancel: "Abbrechen",
  undo: "Zurücknehmen",
  undone: "Zurückgenommen.",
  kept: (what) => `Behalten: ${what}. Die Karte zeigt es nach dem nächsten Lauf: `,
  run: "wk run",
  turned: (degrees) => `um ${degrees}° gedreht`,
  named: (name) => name,
  sorted: (value) => value ?? "keine Klasse",
  failed: "Es konnte nicht gezeigt werden.",
  unreadable: "Die gefundenen Bilder haben hier keine Kennungen.",
  bar: {
    label: "Beschriften, was gefunden wurde",
    all: (n) => (n === 1 ? "Beschriften als" : `Alle ${number.format(n)} beschriften als`),
    sure: (n, value) => `${images(n)} als ${value} beschriften?`,
    sureHint: "Für jedes wird eine Angabe behalten; alle lassen sich zusammen zurücknehmen.",
    progress: (done, all) => `${number.format(done)} von ${number.format(all)} behalten …`,
    kept: (n, value) => `${images(n)} als ${value} beschriftet.`,
  },
};
