/** A value of a column that has the words which were typed. */
export interface ValueFinding {
  readonly kind: "value";
  readonly column: string;
  readonly code: number;
  readonly text: string;
  /** Media that have it. */
  readonly count: number;
  /** False: it was found by forgiving a slip. */
  readonly exact: boolean;
}

/** A word, or several, in texts: a title, a locality, a catalogue number. */
export interface TextFinding {
  readonly kind: "text";
  /** The column; empty for all columns together. */
  readonly field: string;
  /** What is looked for: words with blanks between. */
  readonly word: string;
  /** For people. */
  readonly text: string;
  /** Media that have all the words. */
  readonly count: number;
  readonly exact: boolean;
}

export type Finding = ValueFinding | TextFinding;

/** Findings are the same search if their keys are. */
export function keyOf(finding: Finding): string {
  return finding.kind === "value"
    ? JSON.stringify([finding.column, finding.code])
    : JSON.stringify([finding.field, finding.word]);
}
