import type { KeyLines } from "../../ui/dialogs";
import { count } from "../rounds/texts";

/** Words for Cohen's kappa, each up to its upper bound: Landis & Koch (1977), Biometrics 33. */
const WORDS: readonly (readonly [upTo: number, word: string])[] = [
  [0, "none"],
  [0.2, "slight"],
  [0.4, "fair"],
  [0.6, "moderate"],
  [0.8, "substantial"],
  [1, "almost perfect"],
];

/** Return how strong an agreement is called. */
export function strength(kappa: number): string {
  return WORDS.find(([upTo]) => kappa <= upTo)?.[1] ?? "almost perfect";
}

/** Return a kappa to two places, with a true minus sign. */
function signed(kappa: number): string {
  return kappa.toFixed(2).replace("-", "−");
}

/** The texts of the People tab. */
export const texts = {
  people: "Who said how many",
  who: "Who",
  n: "Labels",
  nobody: "Nobody has labelled anything yet.",
  alone: "Agreement is measured once two people have labelled the same media.",
  agreement: "How far they agree",
  pair: (one: string, other: string): string => `${one} and ${other}`,
  both: (n: number): string => `${count(n)} in common`,
  kappa: (kappa: number, low: number | null, high: number | null): string => {
    const range = low === null || high === null ? "" : ` (${signed(low)} to ${signed(high)})`;
    return `κ ${signed(kappa)}${range}`;
  },
  within: (low: number, high: number): string =>
    strength(low) === strength(high)
      ? strength(low)
      : `between ${strength(low)} and ${strength(high)}`,
  undefined: "not defined: too few, or all alike",
  conflicts: (n: number): string => (n === 1 ? "1 conflict" : `${count(n)} conflicts`),
  list: "Media that people label otherwise",
  none: "No conflicts: wherever several people labelled an image, they agree or it was settled.",
  hint: "A key decides for everybody; what each person said is kept.",
  said: (who: string, value: string): string => `${who}: ${value}`,
  you: (who: string): string => `${who} (you)`,
  proposed: (name: string, score: string): string => `The ensemble says ${name}, ${score}`,
  settled: (caption: string, value: string): string => `${caption} settled as ${value}.`,
  settle: (value: string): string => `settle it as ${value}`,
  pictureOf: (caption: string): string => `Photograph of ${caption}`,
};

/** Keys of the People tab, but for those of the classes. */
export const PEOPLE_KEYS: KeyLines = [["← →", "the conflict before, the next one"]];
