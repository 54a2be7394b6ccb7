import type { Trouble } from "../data/errors";

/** A message: what is so, and what can be done about it. */
export interface Message {
  title: string;
  hint: string;
}

const number = new Intl.NumberFormat("en-GB");

/** Parts of an atlas as a visitor knows them. */
const PARTS: Record<string, string> = {
  points: "positions",
  "points.index": "positions",
  "points.x": "positions",
  "points.y": "positions",
  ids: "the list of ids",
  cards: "cards",
};

/** Every text of the page; a second language is a second object of this shape. */
export const texts = {
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
    name: "Name",
    empty: "Nothing that is looked for is here.",
    first: (n: number): string => `The first ${number.format(n)} are listed.`,
    csv: "CSV",
    csvHint: "Download ids, names, licences and holders as CSV",
    csvProgress: (done: number, all: number): string =>
      `${number.format(done)} of ${number.format(all)} read…`,
    link: "Copy link",
    linked: "Link copied",
    unread: "Could not be read",
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
  similar: {
    title: "Similar",
    open: (name: string): string => `Open ${name}`,
  },
  aboutPage: {
    licences: "Licences of the images",
    made: "How it was made",
    version: (version: string): string => `version ${version}`,
    quality: "Measured quality",
    settings: "Settings",
    generator: (name: string): string => `Made with ${name}.`,
    software: "Licences of the software in this page",
  },
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
