import type { Step } from "../schema";
import { el } from "./dom";
import { rankLabel } from "./names";
import { texts } from "./texts";

/** Make the list of how an atlas was made: in words, with what was measured, settings on demand. */
export function stepList(steps: readonly Step[]): HTMLElement {
  return el("ol", { class: "steps" }, ...steps.map(stepItem));
}

function stepItem(step: Step): HTMLElement {
  const name = step.stage.split("/", 1)[0] ?? step.stage;
  const what = texts.stages[name];
  const { told, others } = measured(name, step.quality);
  const settings = Object.entries(step.settings).map(([key, value]) => [key, plain(value)]);
  const details = [
    others.length ? pairs("figures", texts.aboutPage.quality, others) : null,
    settings.length ? pairs("settings", texts.aboutPage.settings, settings) : null,
  ].filter((one) => one !== null);
  return el(
    "li",
    {},
    what ? el("p", { class: "step-what" }, what) : null,
    ...told.map((sentence) => el("p", { class: "step-told" }, sentence)),
    el(
      "details",
      {},
      el(
        "summary",
        {},
        el("span", { class: "step-name" }, step.stage),
        " ",
        el("span", { class: "step-version" }, texts.aboutPage.version(step.version)),
        details.length
          ? el("span", { class: "unseen" }, ` ${texts.aboutPage.figuresAndSettings}`)
          : null,
      ),
      ...details,
    ),
  );
}

interface Measured {
  /** Figures in plain words. */
  told: string[];
  /** All others, by name. */
  others: string[][];
}

function measured(stage: string, quality: Step["quality"]): Measured {
  const found: Measured = { told: [], others: [] };
  for (const [name, value] of Object.entries(quality)) {
    const rank = /^same_(\w+)_on_map$/.exec(name)?.[1];
    const say = texts.measures[`${stage}.${name}`];
    if (say) found.told.push(say(value));
    else if (rank)
      found.told.push(texts.aboutPage.sameOnMap(rankLabel(rank), texts.percent(value)));
    else found.others.push([name, figure(value)]);
  }
  return found;
}

function pairs(className: string, label: string, lines: readonly string[][]): HTMLElement {
  const items = lines.map(([name = "", value = ""]) =>
    el("div", {}, el("dt", {}, words(name)), el("dd", {}, value)),
  );
  return el("dl", { class: className, "aria-label": label }, ...items);
}

/** A measured figure to three digits; counts stay whole. */
function figure(value: number): string {
  return Number.isInteger(value) ? texts.count(value) : texts.figure(value);
}

/** A setting as text, however deep it is. */
function plain(value: unknown): string {
  if (Array.isArray(value)) return value.map(plain).join(", ");
  if (typeof value === "object" && value !== null)
    return Object.entries(value)
      .map(([name, inner]) => `${words(name)} ${plain(inner)}`)
      .join(", ");
  return String(value);
}

/** The name of a setting in words: n_neighbours as n neighbours. */
function words(name: string): string {
  return name.replaceAll("_", " ");
}
