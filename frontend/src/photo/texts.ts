const number = new Intl.NumberFormat("en-GB", {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});

const whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });

/** Texts of the search by a photograph. */
export const texts = {
  open: "Find by a photograph",
  title: "Find by a photograph",
  command: "wk serve --photos",
  take: "Take a photograph",
  choose: "Choose a photograph",
  drop: "or drop one here",
  promise: "It is compared and then forgotten. Where it was taken is not even sent.",
  stays: "It stays on this device: this page compares it by itself, and sends it nowhere.",
  plainGround: "Best with the specimen large, on plain light ground: it is not cut out.",
  loads: (megabytes: number, seconds: number): string =>
    `The first one loads ${whole.format(megabytes)} MB: about ${whole.format(Math.ceil(seconds))} s.`,
  whole: "The whole photograph was compared.",
  cannot: "This browser could not look at it.",
  another: "Another",
  steps: {
    reading: "Reading the photograph…",
    sending: "Sending it…",
    fetching: "Loading what looks at it, the first time only…",
    loading: "Making ready what looks at it, the first time only…",
    cutout: "Cutting the specimen out…",
    upright: "Turning it upright…",
    features: "Looking at it…",
    search: "Comparing it with all images…",
  },
  compared: "What was compared",
  cut: (n: number): string =>
    n === 0
      ? "No specimen stood out: the whole photograph was compared."
      : n === 1
        ? "Cut out and turned, as it was compared."
        : `The largest of ${n} specimens was compared.`,
  list: "Most like it",
  similarity: (value: number): string => number.format(value),
  similarityOf: (name: string, value: number): string =>
    `${name}, similarity ${number.format(value)}`,
  nothing: "Nothing like it is on this map.",
  unreadable: "This is no photograph that can be read.",
  unreadableHint: "Choose a JPEG, a PNG or a WebP.",
  unfinished: "The server stopped in the midst of it.",
  again: "Try again.",
};

export type PhotoTexts = typeof texts;
