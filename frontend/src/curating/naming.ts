import type { Name } from "../curate/schema";
import { el } from "../ui/dom";
import { rankLabel } from "../ui/names";
import { askWith } from "./form";
import { texts } from "./texts";

/** Ranks that a name may be stated at. */
const RANKS = ["order", "family", "subfamily", "tribe", "genus", "species", "subspecies"] as const;

const PAUSE_MS = 120;

/** A name at a rank. */
export interface Naming {
  readonly rank: string;
  readonly name: string;
}

/** Ask what a medium is called; null if nothing was stated. */
export async function askName(
  suggest: (rank: string, text: string) => Promise<readonly Name[]>,
): Promise<Naming | null> {
  const rank = el(
    "select",
    { class: "choice", "aria-label": texts.naming.rank },
    ...RANKS.map((one) => el("option", { value: one }, rankLabel(one))),
  );
  rank.value = "species";
  const known = el("datalist", { id: "curating-names" });
  const input = el("input", {
    class: "find",
    name: "name",
    list: known.id,
    maxlength: 200,
    "aria-label": texts.naming.field,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    autofocus: true,
  });
  let timer = 0;
  const offer = async (): Promise<void> => {
    const found = await suggest(rank.value, input.value.trim()).catch(() => []);
    known.replaceChildren(...found.map(({ name }) => el("option", { value: name })));
  };
  for (const field of [input, rank])
    field.addEventListener("input", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => void offer(), PAUSE_MS);
    });
  const fields = el("div", { class: "curating-name" }, rank, input, known);
  const kept = await askWith(texts.naming.title, texts.naming.hint, fields);
  window.clearTimeout(timer);
  const name = input.value.trim().replaceAll(/\s+/g, " ");
  return kept && name ? { rank: rank.value, name } : null;
}
