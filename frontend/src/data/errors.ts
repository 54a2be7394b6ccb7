/** What can go wrong with the files of an atlas; the words for it are in ui/texts.ts. */
export type Trouble =
  | { kind: "network"; file: string }
  | { kind: "missing"; file: string }
  | { kind: "refused"; file: string; status: number }
  | { kind: "newer"; found: number; known: number }
  | { kind: "broken"; file: string; what: string }
  | { kind: "no-ranges"; file: string; megabytes: number }
  | { kind: "elsewhere"; file: string }
  | { kind: "too-large"; gigabytes: number }
  | { kind: "unknown-id"; id: string }
  | { kind: "absent"; what: readonly string[] };

/** An atlas cannot be read as it should; `trouble` says what was found where. */
export class AtlasError extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble, options?: ErrorOptions) {
    super(Object.values(trouble).join(" "), options);
    this.name = "AtlasError";
    this.trouble = trouble;
  }
}

/** True for the error of a request that we ended ourselves. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
