import type { Chart, Point, Series } from "./charts";
import { count, texts } from "./texts";
import type { Figure, Round } from "../schema";

/** What the plots of rounds are drawn over. */
export type Over = "round" | "labels";

/** Return the plots of some rounds, the most telling first. */
export function plotsOf(rounds: readonly Round[], over: Over): Chart[] {
  const { plots } = texts;
  const along = new Along(rounds, over);
  const names = [...new Set(rounds.flatMap(({ figures }) => figures.map(({ name }) => name)))];
  return [
    ...names.map((name) => figurePlot(name, along)),
    along.chart(plots.changed, plots.changedText, COUNTS, [
      along.line(plots.all, "main", ({ changed }) => changed),
      ...along.members(({ members_changed }) => members_changed),
    ]),
    along.chart(plots.kappa, plots.kappaText, { ...SHARES, high: 1 }, [
      along.line(plots.kappa, "main", ({ kappa }) => kappa),
    ]),
    along.chart(plots.entropy, plots.entropyText, { ...SHARES, low: 0 }, [
      along.line(plots.entropy, "main", ({ mean_entropy }) => mean_entropy),
    ]),
    along.chart(plots.disagreement, plots.disagreementText, COUNTS, [
      along.line(plots.disagreement, "main", ({ n_disagreeing }) => n_disagreeing),
    ]),
    along.chart(plots.labelled, plots.labelledText, COUNTS, [
      along.line(plots.everything, "main", ({ n_labelled }) => n_labelled),
      along.line(plots.drawn, "other", ({ n_random }) => n_random),
    ]),
  ];
}

const COUNTS = { label: "", format: count, low: 0, whole: true };
const SHARES = { label: "", format: (value: number) => String(Number(value.toPrecision(3))) };

/** Draw one figure: the ensemble with its intervals, its members, and what random labels reach. */
function figurePlot(name: string, along: Along): Chart {
  const { plots } = texts;
  const of = (round: Round) => round.figures.find((one) => one.name === name);
  // while all labels were drawn at random, both figures are one
  const differs = along.some((round) => of(round)?.audited?.value !== of(round)?.held_out?.value);
  return along.chart(capital(name), plots.figureText(name), SHARES, [
    ...along.members((round) => of(round)?.members ?? []),
    ...(differs ? [along.line(plots.audited, "other", (round) => of(round)?.audited)] : []),
    along.line(plots.random, "random", (round) => of(round)?.random),
    along.line(plots.ensemble, "main", (round) => of(round)?.held_out),
  ]);
}

/** Rounds along an axis. */
class Along {
  readonly #rounds: readonly Round[];
  readonly #over: Over;

  constructor(rounds: readonly Round[], over: Over) {
    this.#rounds = rounds;
    this.#over = over;
  }

  /** True if something holds of a round. */
  some(holds: (round: Round) => boolean): boolean {
    return this.#rounds.some(holds);
  }

  chart(
    title: string,
    description: string,
    y: Omit<Chart["y"], "high"> & { high?: number },
    series: readonly Series[],
  ): Chart {
    const label = this.#over === "round" ? texts.plots.round : texts.plots.labels;
    const x = { label, format: count, whole: true };
    const some = series.some(({ points }) => points.length > 0);
    const said = some ? description : `${description} ${texts.plots.second}`;
    return { title, description: said, x, y, series };
  }

  line(
    name: string,
    role: Series["role"],
    of: (round: Round) => Figure | number | null | undefined,
  ): Series {
    const points = this.#rounds.flatMap((round) => {
      const value = of(round);
      return value === null || value === undefined ? [] : [this.#point(round, value)];
    });
    return { name, role, points };
  }

  members(of: (round: Round) => readonly (number | null)[]): Series[] {
    const n = Math.max(0, ...this.#rounds.map((round) => of(round).length));
    return Array.from({ length: n }, (_, member) =>
      this.line(texts.plots.member(member), "member", (round) => of(round)[member]),
    );
  }

  #point(round: Round, value: Figure | number): Point {
    const x = this.#over === "round" ? round.number : round.n_labelled;
    if (typeof value === "number") return { x, y: value };
    return { x, y: value.value, low: value.low, high: value.high };
  }
}

/** Return a name with a capital at its start; names such as `auc` are all capitals. */
function capital(name: string): string {
  if (/^[a-z]{1,3}$/.test(name)) return name.toUpperCase();
  return name.charAt(0).toUpperCase() + name.slice(1);
}
