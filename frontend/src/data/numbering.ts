import { Rows, RowSet } from "../select/rows";
import type { Run } from "./morton";
import type { PlaceSource } from "./source";

/** Return the rows whose places are these. */
export async function rowsOfPlaces(
  source: PlaceSource,
  runs: readonly Run[],
  n: number,
): Promise<RowSet> {
  const numberings = await Promise.all(runs.map((run) => source.numbering(run)));
  const set = RowSet.ofNumbers(
    n,
    numberings.filter((rows) => rows !== null),
  );
  const own = runs.filter((_, i) => numberings[i] === null);
  return own.length
    ? set.or(
        RowSet.of(
          n,
          own.map((run) => Rows.of([run])),
        ),
      )
    : set;
}
