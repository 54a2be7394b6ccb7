import type { Trouble } from "../data/errors";
import type { Message, Texts } from "./texts";

const number = new Intl.NumberFormat("de-DE");
const percent = new Intl.NumberFormat("de-DE", { style: "percent", maximumFractionDigits: 0 });
const figure = new Intl.NumberFormat("de-DE", { maximumSignificantDigits: 3 });
const degrees = new Intl.NumberFormat("de-DE", { maximumFractionDigits: 4 });

const PARTS: Record<string, string> = {
  points: "die Positionen",
  "points.index": "die Positionen",
  "points.x": "die Positionen",
  "points.y": "die Positionen",
  ids: "die Liste der Kennungen",
  cards: "die Karteikarten",
};

const images = (n: number): string => (n === 1 ? "1 Bild" : `${number.format(n)} Bilder`);

/** Every text of the page in German. */
export const german: Texts = {
  locale: "de-DE",
  atlas: "Atlas",
  loading: "Der Atlas wird geöffnet …",
  images,
  count: (n) => number.format(n),
  map: "Karte aus Bildern. Pfeiltasten bewegen sie, Plus und Minus zoomen, Eingabe öffnet das Bild in der Mitte, Pos1 zeigt alles.",
  zoomIn: "Vergrößern",
  zoomOut: "Verkleinern",
  showAll: "Den ganzen Atlas zeigen",
  about: "Über diesen Atlas",
  close: "Schließen",
  enlarge: "Mehr zeigen",
  reduce: "Weniger zeigen",
  tryAgain: "Noch einmal versuchen",
  dismiss: "Diese Meldung schließen",
  licenceUnknown: "keine Lizenz angegeben",
  licences: (n) => `${number.format(n)} Lizenzen`,
  untitled: "Ohne Titel",
  card: {
    loading: "Die Karteikarte wird geöffnet …",
    pictureOf: (name) => `Bild von ${name}`,
    pictureFailed: "Das Bild konnte nicht geladen werden.",
    classification: "Einordnung",
    which: "Welches Bild",
    upright: "Objekt",
    original: "Fotografie",
    previous: "Voriges Bild",
    next: "Nächstes, ähnliches Bild",
    beside: "Nächstes Bild auf der Karte",
    common: "Trivialname",
    showAll: (value) => `Alle zeigen: ${value}`,
    about: (date) => `um ${date}`,
    worldMap: (place) => `Weltkarte mit einer Markierung bei ${place}`,
    siblings: "Mehr von diesem Objekt",
    citation: "Dieses Bild zitieren",
    citedImage: (credit) => `Bild: ${credit}`,
    copy: "Kopieren",
    copied: "Kopiert",
    copyFailed: "Den Text zum Kopieren markieren",
    copyCitation: "Die Zitation kopieren",
    permalink: "Link zu diesem Bild",
    copyLink: "Den Link zu diesem Bild kopieren",
    found: "Ort und Datum",
    place: "Ort",
    coordinates: "Koordinaten",
    showOnMap: (place) => `${place} auf OpenStreetMap`,
    date: "Datum",
    facts: "Weitere Angaben",
    credit: "Bildnachweis",
    licence: "Lizenz",
    rightsHolder: "Rechteinhaber",
    creator: "Urheber",
    record: (host) => `Datensatz bei ${host} ansehen`,
    north: "N",
    south: "S",
    east: "O",
    west: "W",
  },
  search: {
    label: "Suche",
    hint: "Name, Ort, Person, Nummer …",
    clear: "Die Suche leeren",
    none: (typed) => `Hier heißt nichts „${typed}“.`,
    found: (n) => (n === 1 ? "1 Vorschlag" : `${number.format(n)} Vorschläge`),
    slip: "Vielleicht gemeint:",
  },
  tools: {
    all: "Werkzeuge",
    filters: "Filter",
    colour: "Farbe",
    list: "Liste",
    select: "Auswahl",
  },
  found: {
    looking: "Wird gesucht …",
    some: (n, all) => `${number.format(n)} von ${images(all)}${all === 1 ? "" : "n"}`,
    chips: "Wonach gesucht wird",
    without: (what) => `Nicht mehr nach ${what} suchen`,
    area: "Gezeichnete Fläche",
    reset: "Zurücksetzen",
    failed: "Das konnte nicht gelesen werden.",
  },
  filters: {
    title: "Filter",
    none: "Keine Angabe",
    more: (n) => `${number.format(n)} weitere`,
    most: (listed, all) =>
      `Die ${number.format(listed)} häufigsten von ${number.format(all)} stehen hier; die übrigen findet die Suche.`,
    narrow: (label) => `In ${label} suchen`,
    value: (value, n) => `${value}, ${number.format(n)}`,
    empty: "Hier gibt es nichts zu filtern.",
    from: (label) => `${label} von`,
    to: (label) => `${label} bis`,
    any: "alle",
    reset: (label) => `${label}: alle`,
  },
  colours: {
    title: "Färben nach",
    plain: "Wie sie sind",
    others: "Andere",
    none: "Keine Angabe",
    one: "Eine Klasse wählen, um nur sie zu sehen.",
    whole: "Alle",
  },
  list: {
    title: "Liste",
    found: (n) => `${number.format(n)} gefunden`,
    inSight: (n) => `${number.format(n)} im Blick`,
    onlyInSight: "Nur im Blick",
    sort: "Sortieren nach",
    place: "Platz auf der Karte",
    name: "Name",
    empty: "Hier ist nichts von dem, was gesucht wird.",
    first: (n) => `Die ersten ${number.format(n)} stehen hier.`,
    csv: "CSV",
    csvHint: "Kennungen, Namen, Lizenzen und Rechteinhaber als CSV herunterladen",
    csvProgress: (done, all) => `${number.format(done)} von ${number.format(all)} gelesen …`,
    link: "Link kopieren",
    linked: "Link kopiert",
    unread: "Konnte nicht gelesen werden",
  },
  select: {
    hint: "Umfahren, was ausgewählt werden soll.",
    lasso: "Lasso",
    rectangle: "Rechteck",
    sight: "Alles im Blick",
    cancel: "Abbrechen",
  },
  similar: {
    title: "Ähnlich",
    open: (name) => `${name} öffnen`,
  },
  welcome: {
    title: "Willkommen",
    begin: "Entdecken",
    more: "Über diesen Atlas",
  },
  display: {
    title: "Darstellung",
    language: "Sprache",
    theme: "Erscheinungsbild",
    auto: "Automatisch",
    light: "Hell",
    dark: "Dunkel",
  },
  aboutPage: {
    publisher: "Herausgegeben von",
    website: "Website",
    disclaimer: "Bitte beachten",
    citation: "Zitierweise",
    measured: "Gemessen",
    sameOnMap: (rank, share) =>
      `Nachbarn auf der Karte haben in ${share} der Fälle denselben Eintrag bei: ${rank}.`,
    figuresAndSettings: "Werte und Einstellungen",
    licences: "Lizenzen der Bilder",
    made: "Wie er entstand",
    version: (version) => `Version ${version}`,
    quality: "Gemessene Güte",
    settings: "Einstellungen",
    generator: (name) => `Erstellt mit ${name}.`,
    software: "Lizenzen der Software dieser Seite",
  },
  stages: {
    ingest: "Die Datensätze wurden aus der Quelle gelesen.",
    fetch: "Die Originale wurden geholt, so schnell ihre Server es erlauben.",
    image: "Jedes Bild wurde geöffnet, geprüft und verkleinert.",
    fingerprint: "Von den Bildern wurden Fingerabdrücke genommen.",
    duplicates: "Doppelte Bilder wurden gesucht.",
    sample: "Eine Stichprobe wurde gezogen.",
    sort: "Brauchbare und unbrauchbare Bilder wurden getrennt.",
    measure: "Schärfe und Licht wurden gemessen.",
    cutout: "Die Objekte wurden aus ihren Fotografien ausgeschnitten.",
    upright: "Die Objekte wurden aufrecht gedreht.",
    features: "Ein Modell beschrieb in Zahlen, wie jedes Bild aussieht.",
    neighbours: "Zu jedem Bild wurden die ähnlichsten gesucht.",
    embedding: "Die Bilder kamen auf eine Karte: Was ähnlich aussieht, liegt nah beieinander.",
    layout: "Die Karte wurde so ausgebreitet, dass kein Bild ein anderes verdeckt.",
    identify: "Ein Modell schlug Namen vor.",
    deepzoom: "Große Bilder wurden in Kacheln zerlegt, um hineinzuzoomen.",
    tile: "Die Karte wurde gezeichnet.",
    atlas: "Namen, Orte und Daten wurden suchbar gemacht.",
  },
  measures: {
    "embedding.trustworthiness": (value) =>
      `Was auf der Karte nah beieinander liegt, sieht sich ähnlich: Vertrauenswürdigkeit ${percent.format(value)}.`,
    "embedding.continuity": (value) =>
      `Was ähnlich aussieht, blieb nah beieinander: Kontinuität ${percent.format(value)}.`,
    "embedding.neighbours_kept": (value) =>
      `${percent.format(value)} der ähnlichsten Bilder sind auch auf der Karte unter den nächsten.`,
    "layout.neighbours_kept": (value) =>
      `Beim Ausbreiten blieben ${percent.format(value)} der nächsten Nachbarn erhalten.`,
    "layout.n_overlapping_pairs": (value) =>
      value === 0 ? "Kein Bild verdeckt ein anderes." : `${number.format(value)} Paare überlappen.`,
    "neighbours.recall": (value) =>
      `${percent.format(value)} der wirklich ähnlichsten Bilder werden gefunden.`,
    "tile.n_sprites_failed": (value) =>
      value === 0
        ? "Jedes Bild konnte gezeichnet werden."
        : `${images(value)} konnten nicht gezeichnet werden.`,
  },
  terms: {
    basisOfRecord: "Art des Nachweises",
    caption: "Bildunterschrift",
    catalogNumber: "Katalognummer",
    class: "Klasse",
    collectionCode: "Sammlung",
    country: "Land",
    countryCode: "Länderkürzel",
    creator: "Urheber des Bildes",
    dateIdentified: "Bestimmt am",
    decimalLatitude: "Breite",
    decimalLongitude: "Länge",
    eventDate: "Datum",
    family: "Familie",
    genus: "Gattung",
    identifiedBy: "Bestimmt von",
    individualCount: "Anzahl",
    institutionCode: "Institution",
    kingdom: "Reich",
    license: "Lizenz",
    lifeStage: "Lebensstadium",
    locality: "Fundort",
    occurrenceRemarks: "Bemerkungen",
    order: "Ordnung",
    otherCatalogNumbers: "Weitere Katalognummern",
    phylum: "Stamm",
    preparations: "Präparation",
    recordNumber: "Sammlernummer",
    recordedBy: "Gesammelt von",
    rightsHolder: "Rechteinhaber",
    scientificName: "Wissenschaftlicher Name",
    sex: "Geschlecht",
    stateProvince: "Bundesland oder Provinz",
    subject: "Themen",
    title: "Titel",
    typeStatus: "Typusstatus",
    vernacularName: "Trivialname",
    year: "Jahr",
  },
  percent: (share) => percent.format(share),
  figure: (value) => figure.format(value),
  degrees: (value) => `${degrees.format(value)}°`,
  ranks: {
    kingdom: "Reich",
    phylum: "Stamm",
    class: "Klasse",
    order: "Ordnung",
    superfamily: "Überfamilie",
    family: "Familie",
    subfamily: "Unterfamilie",
    tribe: "Tribus",
    subtribe: "Untertribus",
    genus: "Gattung",
    species: "Art",
    subspecies: "Unterart",
    specificEpithet: "Art",
    infraspecificEpithet: "Unterart",
    genericName: "Gattung",
    subgenus: "Untergattung",
    infragenericEpithet: "Untergattung",
    cultivarEpithet: "Sorte",
  },
  trouble: (trouble) => messageOf(trouble),
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

function messageOf<K extends Trouble["kind"]>(trouble: Told<K>): Message {
  return TROUBLES[trouble.kind](trouble);
}
