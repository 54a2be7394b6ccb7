import type { Trouble } from "../data/errors";

/** A message: what is so, and what can be done about it. */
export interface Message {
  title: string;
  hint: string;
}

const number = new Intl.NumberFormat("en-GB");
const percent = new Intl.NumberFormat("en-GB", { style: "percent", maximumFractionDigits: 0 });
const figure = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 3 });
const degrees = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 4 });

/** Parts of an atlas as a visitor knows them. */
const PARTS: Record<string, string> = {
  points: "positions",
  "points.index": "positions",
  "points.x": "positions",
  "points.y": "positions",
  ids: "the list of ids",
  cards: "cards",
};

/** Every text of the page in English; `texts.de.ts` has the same in German. */
export const texts = {
  /** The language of numbers and dates. */
  locale: "en-GB",
  atlas: "Atlas",
  loading: "Opening the atlas…",
  images: (n: number): string => (n === 1 ? "1 image" : `${number.format(n)} images`),
  count: (n: number): string => number.format(n),
  map: "Map of images. Arrow keys move it, plus and minus zoom, Enter opens the image in the middle, Home shows all.",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  showAll: "Show the whole atlas",
  about: "About this atlas",
  close: "Close",
  enlarge: "Show more",
  reduce: "Show less",
  tryAgain: "Try again",
  dismiss: "Dismiss this message",
  licenceUnknown: "no licence stated",
  licences: (n: number): string => `${number.format(n)} licences`,
  untitled: "Untitled",
  card: {
    loading: "Opening the card…",
    pictureOf: (name: string): string => `Picture of ${name}`,
    pictureFailed: "The picture could not be loaded.",
    classification: "Classification",
    which: "Which picture",
    upright: "Specimen",
    original: "Photograph",
    previous: "Previous image",
    next: "Next, similar image",
    beside: "Next image on the map",
    common: "Common name",
    showAll: (value: string): string => `Show all: ${value}`,
    about: (date: string): string => `about ${date}`,
    worldMap: (place: string): string => `Map of the world with a mark at ${place}`,
    siblings: "More of this specimen",
    citation: "Cite this image",
    citedImage: (credit: string): string => `Image: ${credit}`,
    copy: "Copy",
    copied: "Copied",
    copyFailed: "Select the text to copy it",
    copyCitation: "Copy the citation",
    permalink: "Link to this image",
    copyLink: "Copy the link to this image",
    found: "Place and date",
    place: "Place",
    coordinates: "Coordinates",
    showOnMap: (place: string): string => `${place} on OpenStreetMap`,
    date: "Date",
    facts: "Further facts",
    credit: "Image credit",
    licence: "Licence",
    rightsHolder: "Rights holder",
    creator: "Creator",
    record: (host: string): string => `See the record at ${host}`,
    north: "N",
    south: "S",
    east: "E",
    west: "W",
  },
  names: {
    all: "Names on the map",
    show: "Names on the map",
    here: (name: string, n: number): string =>
      `${name}, ${n === 1 ? "1 image" : `${number.format(n)} images`} around here. Go there.`,
  },
  fullscreen: "Full screen",
  look: {
    open: "Look closer",
    close: "Back to the map",
    map: (name: string): string =>
      `Picture of ${name}. Arrow keys move it, plus and minus zoom, Home shows all of it.`,
    loading: "Fetching the picture…",
    whole: "Show the whole picture",
    small: "There is no larger picture of it here.",
    none: "There is no picture of it here.",
  },
  search: {
    label: "Search",
    hint: "Name, place, person, number…",
    clear: "Clear the search",
    none: (typed: string): string => `Nothing here is called “${typed}”.`,
    found: (n: number): string => (n === 1 ? "1 suggestion" : `${number.format(n)} suggestions`),
    slip: "Perhaps you meant:",
  },
  tools: {
    all: "Tools",
    filters: "Filter",
    colour: "Colour",
    treemap: "Shares",
    list: "List",
    select: "Select",
  },
  found: {
    looking: "Looking…",
    some: (n: number, all: number): string =>
      `${number.format(n)} of ${all === 1 ? "1 image" : `${number.format(all)} images`}`,
    chips: "What is looked for",
    without: (what: string): string => `No longer ask for ${what}`,
    area: "Drawn area",
    reset: "Reset",
    failed: "This could not be read.",
  },
  filters: {
    title: "Filter",
    none: "No value",
    more: (n: number): string => `${number.format(n)} more`,
    most: (listed: number, all: number): string =>
      `The ${number.format(listed)} most frequent of ${number.format(all)} are listed; search finds the others.`,
    narrow: (label: string): string => `Find in ${label}`,
    value: (value: string, n: number): string => `${value}, ${number.format(n)}`,
    empty: "There is nothing to filter by.",
    from: (label: string): string => `${label} from`,
    to: (label: string): string => `${label} to`,
    any: "any",
    without: (n: number): string =>
      `${n === 1 ? "1 image" : `${number.format(n)} images`} without a value`,
    approximate: (n: number): string =>
      `${n === 1 ? "1 image" : `${number.format(n)} images`} with an approximate date`,
    reset: (label: string): string => `Any ${label}`,
  },
  colours: {
    title: "Colour by",
    plain: "As they are",
    others: "Others",
    none: "No value",
    one: "Choose a class to see it alone.",
    whole: "All",
  },
  list: {
    title: "List",
    found: (n: number): string => `${number.format(n)} found`,
    inSight: (n: number): string => `${number.format(n)} in sight`,
    onlyInSight: "Only in sight",
    sort: "Sort by",
    place: "Place on the map",
    descending: "The other way round",
    name: "Name",
    empty: "Nothing that is looked for is here.",
    first: (n: number): string => `The first ${number.format(n)} are listed.`,
    unread: "Could not be read",
  },
  exports: {
    menu: "Export",
    what: (n: number): string => (n === 1 ? "Export 1 image" : `Export ${number.format(n)} images`),
    kinds: {
      csv: ["Table (CSV)", "Numbers, names, country, date, rights"],
      "csv-all": ["All fields (CSV)", "Whatever the records say"],
      dwca: ["Darwin Core archive", "Occurrences and their media"],
      iiif: ["IIIF manifest", "For viewers of images"],
      citations: ["Citations", "Licences and rights holders"],
      link: ["Copy link", "To this selection"],
    } as Record<string, readonly [name: string, note: string]>,
    first: (n: number): string => `The first ${number.format(n)}`,
    progress: (done: number, all: number): string =>
      `${number.format(done)} of ${number.format(all)}`,
    stop: "Stop",
    making: (name: string): string => `Making ${name}…`,
    made: (name: string): string => `${name} was downloaded.`,
    linked: "Link copied",
    title: (title: string, n: number): string =>
      `${title}: ${n === 1 ? "1 image" : `${number.format(n)} images`}`,
    rights: (mix: string): string =>
      `Each image has its own licence, told with it. In all: ${mix}.`,
    seen: (link: string, date: string): string => `${link}, seen on ${date}.`,
    whose: "Rights and licences:",
    each: "The images:",
    author: "Author",
  },
  select: {
    hint: "Draw around what you want to select.",
    lasso: "Lasso",
    rectangle: "Rectangle",
    sight: "All in sight",
    cancel: "Cancel",
  },
  layouts: {
    title: "Layout",
    button: (shown: string): string => `Layout: ${shown}`,
    marks: "Names and lines on the map",
    methods: {
      relax: "By likeness",
      grid: "Wall",
      timeline: "Timeline",
      map: "Geographic map",
      taxonomy: "Classification",
    } as Record<string, string>,
  },
  offline: {
    title: "Without a network",
    keep: "Keep for offline use",
    hint: (megabytes: number): string =>
      `This browser then keeps the page, what is searched and counted by, the map from afar, and whatever you look at: up to ${number.format(megabytes)} MB.`,
    keeping: (percent: number): string => `Keeping… ${percent} %`,
    kept: (megabytes: number): string => `${number.format(megabytes)} MB are kept.`,
    forgotten: "Nothing is kept.",
    failed: "This browser keeps nothing here; it may be in a private window.",
  },
  treemap: {
    title: "Shares",
    by: "Share out by",
    others: (n: number): string => `${number.format(n)} have other values, or several.`,
  },
  similar: {
    title: "Similar",
    open: (name: string): string => `Open ${name}`,
  },
  welcome: {
    title: "Welcome",
    begin: "Explore",
    more: "About this atlas",
  },
  display: {
    title: "Display",
    language: "Language",
    theme: "Appearance",
    auto: "Automatic",
    light: "Light",
    dark: "Dark",
  },
  aboutPage: {
    publisher: "Published by",
    website: "Website",
    disclaimer: "Please note",
    citation: "How to cite",
    measured: "Measured",
    sameOnMap: (rank: string, share: string): string =>
      `Neighbours on the map share the ${rank.toLowerCase()} in ${share} of cases.`,
    figuresAndSettings: "Figures and settings",
    licences: "Licences of the images",
    made: "How it was made",
    version: (version: string): string => `version ${version}`,
    quality: "Measured quality",
    settings: "Settings",
    generator: (name: string): string => `Made with ${name}.`,
    software: "Licences of the software in this page",
  },
  /** What each stage does, for visitors. */
  stages: {
    ingest: "The records were read from the source.",
    fetch: "The original images were fetched, at the pace their hosts allow.",
    image: "Every image was opened, checked and made smaller.",
    fingerprint: "Fingerprints were taken of the images.",
    duplicates: "Images that are there twice were looked for.",
    sample: "A sample was drawn.",
    sort: "Images were sorted into good and unfit ones.",
    measure: "Sharpness and light were measured.",
    cutout: "Specimens were cut out of their photographs.",
    upright: "Specimens were turned head up.",
    features: "A model described what each image looks like, in numbers.",
    neighbours: "The most similar images of each were looked up.",
    embedding: "The images were put on a map: those that look alike lie close.",
    layout: "The map was spread out so that images do not cover each other.",
    identify: "Names were proposed by a model.",
    deepzoom: "Large images were cut into tiles, to zoom into.",
    tile: "The map was drawn.",
    atlas: "Names, places and dates were made searchable.",
  } as Record<string, string>,
  /** What measured figures mean, for visitors; those that are not here are shown as they are. */
  measures: {
    "embedding.trustworthiness": (value: number): string =>
      `What lies close on the map does look alike: ${percent.format(value)} trustworthiness.`,
    "embedding.continuity": (value: number): string =>
      `What looks alike stayed close: ${percent.format(value)} continuity.`,
    "embedding.neighbours_kept": (value: number): string =>
      `${percent.format(value)} of the most similar images are among the nearest on the map.`,
    "layout.neighbours_kept": (value: number): string =>
      `Spreading it out kept ${percent.format(value)} of the nearest neighbours.`,
    "layout.n_overlapping_pairs": (value: number): string =>
      value === 0 ? "No two images overlap." : `${number.format(value)} pairs of images overlap.`,
    "neighbours.recall": (value: number): string =>
      `${percent.format(value)} of the truly most similar images are found.`,
    "tile.n_sprites_failed": (value: number): string =>
      value === 0
        ? "Every image could be drawn."
        : `${number.format(value)} images could not be drawn.`,
  } as Record<string, (value: number) => string>,
  /** Names of columns where the atlas' own are not of this language. */
  terms: {} as Record<string, string>,
  percent: (share: number): string => percent.format(share),
  figure: (value: number): string => figure.format(value),
  degrees: (value: number): string => `${degrees.format(value)}°`,
  ranks: {
    specificEpithet: "Species",
    infraspecificEpithet: "Subspecies",
    genericName: "Genus",
    subgenus: "Subgenus",
    infragenericEpithet: "Subgenus",
    cultivarEpithet: "Cultivar",
  } as Record<string, string>,
  trouble: (trouble: Trouble): Message => messageOf(trouble),
};

/** The texts of any language. */
export type Texts = typeof texts;

type Told<K extends Trouble["kind"]> = Extract<Trouble, { kind: K }>;

/** What can be wrong with the files of an atlas, in words. */
const TROUBLES: { [K in Trouble["kind"]]: (trouble: Told<K>) => Message } = {
  network: ({ file }) => ({
    title: `${file} could not be fetched.`,
    hint: "The server did not answer. Check the connection, then try again.",
  }),
  missing: ({ file }) => ({
    title: `${file} is not on the server.`,
    hint:
      file === "atlas.json"
        ? "Build the atlas with wk run, or open the folder that wk publish wrote."
        : "The atlas was copied in part, or is being replaced. Publish it again, or reload.",
  }),
  refused: ({ file, status }) => ({
    title: `The server answered ${status} for ${file}.`,
    hint: "Try again in a while. If it stays so, tell whoever keeps this site.",
  }),
  newer: ({ found, known }) => ({
    title: `This atlas is of format ${found}; this page reads up to ${known}.`,
    hint: "Reload the page. If it stays so, publish page and atlas with one version of wk.",
  }),
  broken: ({ file, what }) => ({
    title: `${file} cannot be read: ${what}.`,
    hint: "It was cut short or changed on its way. Publish the atlas again.",
  }),
  "no-ranges": ({ file, megabytes }) => ({
    title: `The server sends ${file} (${number.format(megabytes)} MB) only whole.`,
    hint: "Use a server that answers range requests, or publish the tiles as a directory.",
  }),
  elsewhere: ({ file }) => ({
    title: `${file} lies on another host.`,
    hint: "An atlas and its page load nothing from elsewhere. Copy the file beside atlas.json.",
  }),
  "too-large": ({ gigabytes }) => ({
    title: `An archive holds no more than ${gigabytes} GB.`,
    hint: "Select less, or take the table (CSV), which may be of any size.",
  }),
  "unknown-id": ({ id }) => ({
    title: `This atlas has no image with the id ${id}.`,
    hint: "It may have been left out of a newer edition.",
  }),
  absent: ({ what }) => {
    const parts = [...new Set(what.map((part) => PARTS[part] ?? part))];
    return {
      title: `The atlas comes without ${parts.join(" and ")}.`,
      hint: "The pictures can be looked at, but not all can be opened.",
    };
  },
};

function messageOf<K extends Trouble["kind"]>(trouble: Told<K>): Message {
  return TROUBLES[trouble.kind](trouble);
}
