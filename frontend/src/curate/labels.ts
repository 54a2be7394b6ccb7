import { ServerError } from "../data/server";
import { button, el, icon, ICONS as BASIC } from "../ui/dom";
import type { Api, Kind } from "./api";
import { Evidence } from "./evidence";
import { loadImage } from "./masks";
import { type Choice, NameField } from "./names";
import type { Beside, Issue, Medium, Name, Statement } from "./schema";
import type { Visit } from "./statements";
import { texts } from "./texts";
import { Viewer } from "./viewer";
import { action, heading } from "./widgets";
import type { Surroundings, Workbench } from "./workbench";

const NEARER = 1.25;

/** Review of labels: the specimen, why its label is suspected, and what it should be called. */
export class LabelBench implements Workbench {
  readonly element: HTMLElement;
  readonly actions: readonly HTMLElement[];
  readonly dirty = false;
  readonly #api: Api;
  readonly #visit: Visit;
  readonly #around: Surroundings;
  readonly #heading = heading();
  readonly #claim = el("div", { class: "claim" });
  readonly #suspect = new Viewer(texts.labels.suspect, "pane-suspect");
  readonly #beside = new Viewer(texts.labels.beside, "pane-beside");
  readonly #besideLabel = el("span", { class: "beside-caption" });
  readonly #kind: HTMLButtonElement;
  readonly #evidence: Evidence;
  readonly #name: NameField;
  readonly #keys: Record<string, () => void>;
  #medium: Medium | null = null;
  #cut = false;
  #compared: Beside | null = null;
  #shown = 0;

  constructor(api: Api, visit: Visit, around: Surroundings) {
    this.#api = api;
    this.#visit = visit;
    this.#around = around;
    this.#evidence = new Evidence(api, (one) => void this.#compare(one));
    this.#name = new NameField(
      (text) => this.#names(text),
      () => void this.#rename(this.#name.value),
    );
    this.#kind = button({ class: "choice kind" }, () => void this.#turnOver(), "");
    this.#suspect.element.append(this.#kind);
    this.actions = this.#buttons();
    this.element = el(
      "div",
      { class: "bench bench-labels" },
      this.#heading.element,
      this.#claim,
      el("div", { class: "labels-room" }, this.#panes(), this.#evidence.element),
      this.#form(),
    );
    this.#keys = this.#keyboard();
  }

  async show(medium: Medium): Promise<void> {
    this.#medium = medium;
    const ticket = ++this.#shown;
    const kind = this.shows(medium);
    this.#cut = kind === "cutout";
    this.#close();
    this.update(medium);
    this.#name.offer(medium.judgement.name ?? medium.issue?.proposed ?? "", []);
    const [image, reasons] = await Promise.all([
      this.#picture(medium.id, kind),
      this.#api.reasons(medium.id),
    ]);
    // another medium may have been opened meanwhile
    if (ticket !== this.#shown || !medium.issue) return;
    this.#suspect.show(image, medium.caption);
    this.#evidence.show(medium.issue, reasons);
    this.#name.offer(
      medium.judgement.name ?? medium.issue.proposed,
      likely(medium.issue, reasons.neighbours),
    );
  }

  /** A specimen that is one of several in its photograph is shown alone. */
  shows({ is_part: part }: Medium | Beside): Kind {
    return part ? "cutout" : "photograph";
  }

  clear(): void {
    this.#medium = null;
    this.#heading.clear();
    this.#claim.replaceChildren();
    this.#suspect.clear();
    this.#evidence.clear();
    this.#close();
  }

  update(medium: Medium): void {
    if (medium.id !== this.#medium?.id) return;
    this.#medium = medium;
    const { issue } = medium;
    this.#heading.show(medium, [], texts.judged(medium, "labels"));
    if (issue) this.#claim.replaceChildren(...claim(issue));
    this.#kind.hidden = medium.cutouts.length === 0;
    this.#kind.textContent = this.#cut ? texts.labels.photograph : texts.labels.cutout;
  }

  key(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const neighbour = /^[1-9]$/.test(key) ? this.#evidence.neighbour(Number(key)) : null;
    if (neighbour) void this.#compare(neighbour);
    else if (this.#keys[key]) this.#keys[key]();
    else return false;
    return true;
  }

  mayLeave(): Promise<boolean> {
    return Promise.resolve(true);
  }

  #buttons(): HTMLElement[] {
    const { labels: words } = texts;
    const made = (label: string, key: string, hint: string, act: () => void, className = "") => {
      const one = action(label, key, act, className);
      // said in full where there is room
      if (className)
        one.firstElementChild?.append(el("span", { class: "long" }, ` ${words.label}`));
      one.title = hint;
      return one;
    };
    return [
      action(texts.previous, "←", () => void this.#around.previous(), "quiet"),
      action(texts.skip, "S", () => void this.#around.next()),
      made(words.unsure, "N", words.unsureHint, () => void this.#judge("unsure")),
      made(words.reject, "R", words.rejectHint, () => void this.#judge("rejected"), "no"),
      made(words.accept, "A", words.acceptHint, () => void this.#judge("accepted"), "strong"),
    ];
  }

  #panes(): HTMLElement {
    const close = button(
      { class: "round pane-close", "aria-label": texts.labels.closeBeside },
      () => {
        this.#close();
      },
      icon(BASIC.close),
    );
    this.#beside.element.append(this.#besideLabel, close);
    this.#beside.element.hidden = true;
    return el("div", { class: "panes" }, this.#suspect.element, this.#beside.element);
  }

  #form(): HTMLElement {
    const submit = el("button", { type: "submit", class: "action" }, texts.labels.rename);
    const form = el(
      "form",
      { class: "rename" },
      el("label", { for: "name" }, texts.labels.renameTo, key("E")),
      this.#name.element,
      submit,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#rename(this.#name.value);
    });
    return form;
  }

  #keyboard(): Record<string, () => void> {
    const zoom = (factor: number) => () => {
      for (const viewer of [this.#suspect, this.#beside]) viewer.zoom(factor);
    };
    return {
      a: () => void this.#judge("accepted"),
      r: () => void this.#judge("rejected"),
      n: () => void this.#judge("unsure"),
      p: () => void this.#rename(this.#medium?.issue?.proposed ?? ""),
      e: () => {
        this.#name.focus();
      },
      s: () => void this.#around.next(),
      t: () => void this.#turnOver(),
      ArrowRight: () => void this.#around.next(),
      ArrowLeft: () => void this.#around.previous(),
      Escape: () => {
        this.#close();
      },
      "+": zoom(NEARER),
      "=": zoom(NEARER),
      "-": zoom(1 / NEARER),
      "0": () => {
        for (const viewer of [this.#suspect, this.#beside]) viewer.fit();
      },
    };
  }

  async #judge(value: "accepted" | "rejected" | "unsure"): Promise<void> {
    await this.#state([{ term: "label", value }]);
  }

  async #rename(name: string): Promise<void> {
    const label = this.#medium?.issue?.label ?? "";
    if (!name) this.#around.say(texts.labels.noName);
    else if (name.toLowerCase() === label.toLowerCase()) this.#around.say(texts.labels.sameName);
    else
      await this.#state([
        { term: "label", value: "renamed" },
        { term: "name", value: name },
      ]);
  }

  async #state(statements: readonly Statement[]): Promise<void> {
    const medium = this.#medium;
    if (!medium) return;
    await this.#around.busy(async () => {
      await this.#visit.state(medium.id, statements);
      await this.#around.next();
    });
  }

  /** Return names for what was typed; where they cannot be had, the name can still be written. */
  async #names(text: string): Promise<readonly Name[]> {
    try {
      return await this.#api.names(text);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      this.#around.say(error.problem.title);
      return [];
    }
  }

  async #picture(id: string, kind: Kind): Promise<HTMLImageElement> {
    try {
      return await loadImage(this.#api.address(id, kind));
    } catch (error) {
      throw new ServerError({ title: texts.failed, detail: "", status: 0 }, { cause: error });
    }
  }

  /** Show the cut-out in place of the photograph, or the other way round. */
  async #turnOver(): Promise<void> {
    const medium = this.#medium;
    if (!medium?.cutouts.length) return;
    const cut = !this.#cut;
    await this.#around.busy(async () => {
      const image = await this.#picture(medium.id, cut ? "cutout" : "photograph");
      this.#cut = cut;
      this.#suspect.show(image, medium.caption);
      this.update(medium);
    });
  }

  async #compare(one: Beside): Promise<void> {
    if (this.#compared?.id === one.id) {
      this.#close();
      return;
    }
    await this.#around.busy(async () => {
      const image = await this.#picture(one.id, this.shows(one));
      this.#compared = one;
      this.#evidence.mark(one.id);
      this.#beside.element.hidden = false;
      this.#besideLabel.textContent = one.label || one.caption;
      this.#beside.show(image, one.caption);
    });
  }

  #close(): void {
    this.#compared = null;
    this.#beside.element.hidden = true;
    this.#evidence.mark(null);
  }
}

/** Return what is claimed, and what speaks against it. */
function claim({ label, proposed, score, encoders }: Issue): HTMLElement[] {
  const { labels: words } = texts;
  const side = (className: string, title: string, name: string): HTMLElement =>
    el(
      "span",
      { class: `claim-side ${className}` },
      el("span", { class: "claim-title" }, title),
      el("span", { class: "claim-name" }, name || "–"),
    );
  const own = side("claim-own", words.museum, label);
  const other = side("claim-proposed", words.proposed, proposed);
  other.append(key("P"));
  const notes = [words.score(score), words.encoders(encoders.length)].filter(Boolean).join(" · ");
  return [
    own,
    el("span", { class: "claim-arrow", "aria-hidden": true }, "→"),
    other,
    el("span", { class: "claim-score", title: words.scoreHint }, notes),
  ];
}

/** Show the key that does what stands before it. */
function key(name: string): HTMLElement {
  return el("kbd", { "aria-hidden": true }, name);
}

/** Return the names that are likely: the proposed one, then those of the neighbours. */
export function likely({ label, proposed }: Issue, neighbours: readonly Beside[]): Choice[] {
  const names = new Set([proposed, ...neighbours.map((one) => one.label)]);
  names.delete(label);
  names.delete("");
  return [...names].map((name) => ({
    name,
    note: name === proposed ? texts.labels.proposed.toLowerCase() : texts.labels.among,
  }));
}
