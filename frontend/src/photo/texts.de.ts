import type { PhotoTexts } from "./texts";

const number = new Intl.NumberFormat("de-DE", {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});
const whole = new Intl.NumberFormat("de-DE", { maximumFractionDigits: 0 });

/** Texts of the search by a photograph in German. */
export const german: PhotoTexts = {
  open: "Mit einem Foto suchen",
  title: "Mit einem Foto suchen",
  command: "wk serve --photos",
  take: "Ein Foto aufnehmen",
  choose: "Ein Foto wählen",
  drop: "oder hier ablegen",
  promise: "Es wird verglichen und dann vergessen. Wo es entstand, wird gar nicht erst gesendet.",
  stays: "Es bleibt auf diesem Gerät: Diese Seite vergleicht es selbst und sendet es nirgendwohin.",
  plainGround:
    "Am besten groß und auf hellem, einfarbigem Grund: Das Objekt wird nicht freigestellt.",
  loads: (megabytes, seconds) =>
    `Beim ersten Mal werden ${whole.format(megabytes)} MB geladen: etwa ${whole.format(Math.ceil(seconds))} s.`,
  whole: "Das ganze Foto wurde verglichen.",
  cannot: "Dieser Browser konnte es nicht betrachten.",
  another: "Ein anderes",
  steps: {
    reading: "Das Foto wird gelesen …",
    sending: "Es wird gesendet …",
    fetching: "Was es betrachtet, wird geladen, nur beim ersten Mal …",
    loading: "Was es betrachtet, wird bereit gemacht, nur beim ersten Mal …",
    cutout: "Das Objekt wird freigestellt …",
    upright: "Es wird aufgerichtet …",
    features: "Es wird betrachtet …",
    search: "Es wird mit allen Bildern verglichen …",
  },
  compared: "Was verglichen wurde",
  cut: (n) =>
    n === 0
      ? "Kein Objekt hob sich ab: Das ganze Foto wurde verglichen."
      : n === 1
        ? "Freigestellt und aufgerichtet, wie es verglichen wurde."
        : `Das größte von ${n} Objekten wurde verglichen.`,
  list: "Am ähnlichsten",
  similarity: (value) => number.format(value),
  similarityOf: (name, value) => `${name}, Ähnlichkeit ${number.format(value)}`,
  nothing: "Nichts Ähnliches ist auf dieser Karte.",
  unreadable: "Dies ist kein lesbares Foto.",
  unreadableHint: "Bitte ein JPEG, PNG oder WebP wählen.",
  unfinished: "Der Server hat mittendrin aufgehört.",
  again: "Bitte noch einmal versuchen.",
};
