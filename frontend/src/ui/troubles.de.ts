import type { Trouble } from "../data/errors";
import type { Message } from "./texts";

const number = new Intl.NumberFormat("de-DE");

const PARTS: Record<string, string> = {
  points: "die Positionen",
  "points.index": "die Positionen",
  "points.x": "die Positionen",
  "points.y": "die Positionen",
  ids: "die Liste der Kennungen",
  cards: "die Karteikarten",
};

type Told<K extends Trouble["kind"]> = Extract<Trouble, { kind: K }>;

const TROUBLES: { [K in Trouble["kind"]]: (trouble: Told<K>) => Message } = {
  network: ({ file }) => ({
    title: `${file} konnte nicht geladen werden.`,
    hint: "Der Server hat nicht geantwortet. Bitte die Verbindung prüfen und es noch einmal versuchen.",
  }),
  missing: ({ file }) => ({
    title: `${file} liegt nicht auf dem Server.`,
    hint:
      file === "atlas.json"
        ? "Den Atlas mit wk run bauen, oder den Ordner öffnen, den wk publish geschrieben hat."
        : "Der Atlas wurde nur zum Teil kopiert oder wird gerade ersetzt. Neu veröffentlichen oder neu laden.",
  }),
  refused: ({ file, status }) => ({
    title: `Der Server antwortete mit ${status} auf ${file}.`,
    hint: "Später noch einmal versuchen. Bleibt es so, hilft, wer diese Seite betreut.",
  }),
  newer: ({ found, known }) => ({
    title: `Dieser Atlas hat das Format ${found}; diese Seite liest bis ${known}.`,
    hint: "Die Seite neu laden. Bleibt es so: Seite und Atlas mit einer Version von wk veröffentlichen.",
  }),
  broken: ({ file, what }) => ({
    title: `${file} kann nicht gelesen werden: ${what}.`,
    hint: "Die Datei wurde abgeschnitten oder unterwegs verändert. Den Atlas neu veröffentlichen.",
  }),
  "no-ranges": ({ file, megabytes }) => ({
    title: `Der Server schickt ${file} (${number.format(megabytes)} MB) nur im Ganzen.`,
    hint: "Einen Server nehmen, der Teile ausliefert (range requests), oder die Kacheln als Ordner veröffentlichen.",
  }),
  elsewhere: ({ file }) => ({
    title: `${file} liegt auf einem anderen Server.`,
    hint: "Ein Atlas lädt nichts von anderswo. Die Datei neben atlas.json kopieren.",
  }),
  "too-large": ({ gigabytes }) => ({
    title: `Ein Archiv fasst nicht mehr als ${gigabytes} GB.`,
    hint: "Weniger auswählen, oder die Tabelle (CSV) nehmen, die beliebig groß sein darf.",
  }),
  "unknown-id": ({ id }) => ({
    title: `In diesem Atlas hat kein Bild die Kennung ${id}.`,
    hint: "Vielleicht ist es in einer neueren Ausgabe nicht mehr dabei.",
  }),
  absent: ({ what }) => {
    const parts = [...new Set(what.map((part) => PARTS[part] ?? part))];
    return {
      title: `Dem Atlas fehlen ${parts.join(" und ")}.`,
      hint: "Die Bilder lassen sich ansehen, aber nicht alle öffnen.",
    };
  },
};

/** Say in German what is wrong and what to do. */
export function messageOf<K extends Trouble["kind"]>(trouble: Told<K>): Message {
  return TROUBLES[trouble.kind](trouble);
}
