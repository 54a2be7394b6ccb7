import type { QueueSummary } from "../schema";

const number = new Intl.NumberFormat("en-GB");

/** Return a count in words: `1 image`, `1,234 images`. */
export function images(n: number): string {
  return n === 1 ? "1 image" : `${number.format(n)} images`;
}

/** Return a count. */
export function count(n: number): string {
  return number.format(n);
}

/** Return a share as per cent, with tenths where it is near to all or to nothing. */
export function percent(share: number): string {
  const digits = Math.min(share, 1 - share) < 0.1 ? 1 : 0;
  return `${Number((100 * share).toFixed(digits))} %`;
}

/** Return a figure in [0, 1], or another small number, with what can be told apart. */
export function figure(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) >= 2) return number.format(value);
  return Math.abs(value) < 0.0995 && value !== 0 ? value.toPrecision(2) : value.toFixed(2);
}

type Group = QueueSummary["group"];

/** The texts of the Rounds tab. */
export const texts = {
  asTable: "Numbers as a table",
  advice: {
    title: "Is it worth going on?",
    none: "Nothing to go by yet: label some media, then train the first round.",
    met: "met",
    notMet: "not met",
    value: "Measured",
    wanted: "Wanted",
    unknown: "not yet",
    train: "Train a round",
    trainHint: (n: number): string =>
      n === 0
        ? "No labels have changed since the last round."
        : `${n === 1 ? "1 label has" : `${count(n)} labels have`} changed since the last round.`,
    first: (n: number): string => `${n === 1 ? "1 label" : `${count(n)} labels`} to learn from.`,
    training: "A round is running",
  },
  queues: {
    title: "Queues",
    groups: {
      order: "What to label next",
      "unlabelled kinds": "Not labelled yet: what the ensemble makes of them",
      "labelled kinds": "Labelled: is the label right?",
      labels: "What people said",
      looks: "What a look at the pixels proposes",
    } satisfies Record<Group, string>,
    sure: "sure",
    unsure: "unsure",
    agree: "members agree",
    disagree: "members disagree",
    label: "Label these",
    grid: "In the grid",
    settle: "Settle these",
    accept: "Accept all proposals",
    acceptTitle: (n: number): string => `Label ${images(n)} as the ensemble proposes?`,
    acceptHint: (counts: readonly (readonly [name: string, n: number])[]): string =>
      `${counts.map(([name, n]) => `${count(n)} ${name}`).join(", ")}. Undo takes all of them back.`,
    accepted: (n: number): string => `${images(n)} labelled as proposed.`,
    cancel: "Cancel",
    acceptYes: (n: number): string => `Label ${images(n)}`,
    empty: "Empty now.",
    quantile: "Unsure is the highest",
    quantileHint: (entropy: number | null, most: number): string =>
      entropy === null
        ? "Before the first round nothing is known of entropy."
        : `Entropy above ${figure(entropy)} of at most ${figure(most)} nats counts as unsure.`,
    confidence: "Sure although they disagree, from",
    confidenceHint: "Mean probability that C asks for, unless all members but one agree.",
    highest: (quantile: number): string => percent(1 - quantile),
    before: "The seven queues of the ensemble appear with the first round.",
    open: (caption: string): string => `Open ${caption}`,
  },
  plots: {
    title: "Over the rounds",
    over: "Over",
    overs: { round: "rounds", labels: "labels" },
    none: "Plots appear with the first round.",
    round: "Round",
    labels: "Labels",
    ensemble: "ensemble, held out",
    audited: "ensemble, random media alone",
    random: "taught by random labels alone",
    member: (n: number): string => `member ${n + 1}`,
    all: "ensemble",
    figureText: (name: string): string =>
      `${name} on media that the members did not learn from, with 95 % intervals.`,
    changed: "Change of mind",
    changedText:
      "Media sorted otherwise than in the round before, by the ensemble and each member.",
    kappa: "Agreement with the round before (κ)",
    kappaText: "Cohen's kappa between the ensemble's sorting of two rounds in a row.",
    entropy: "Mean entropy (nats)",
    entropyText: "Mean predictive entropy of all media.",
    disagreement: "Disagreement",
    disagreementText: "Media that the members do not all sort alike.",
    labelled: "Labels",
    labelledText: "Labels learned from, and how many of them were drawn at random.",
    everything: "all labels",
    drawn: "drawn at random",
    second: "This plot begins with the second round.",
  },
  audit: {
    title: "How good it is",
    none: "Measured on media drawn at random, once some of them have a label.",
    basis: (n: number): string =>
      `Measured on ${images(n)} drawn at random and labelled by people; 95 % intervals.`,
    wanted: "Precision wanted",
    unit: "%",
    class: "Class",
    n: "Audited",
    precision: "Precision",
    recall: "Recall",
    accuracy: "Accuracy",
    curve: "Accuracy of what is kept",
    curveText: "The share of media kept automatically, from the surest on, and how many are right.",
    coverage: "Coverage",
    kept: "accuracy",
    keep: (share: number): string => `keep ${percent(share)}`,
    more: "Audit more",
    moreHint: "Label the next media drawn at random: the intervals become narrower.",
    apply: "Apply this sorting",
    applyHint: "Hands the last round to the pipeline; later stages then go by it.",
    applied: (round: number): string => `Round ${round} is applied.`,
  },
  files: {
    title: "Files",
    exports: "Take away",
    names: {
      "table.csv": "everything as a table",
      "labels.json": "labels",
      "update.json": "labels as an update list",
      "images.txt": "all ids",
      "logits.json": "logits of the ensemble",
    },
    ids: (name: string): string => `ids of ${name}`,
    bring: "Bring labels in",
    bringHint: 'A JSON file of labels ({"<id>": 0}) or of updates ([["<id>", 0]]).',
    brought: (saved: number, unknown: number): string =>
      `${images(saved)} labelled from the file${unknown ? `; ${count(unknown)} ids are of no medium here` : ""}.`,
  },
};
