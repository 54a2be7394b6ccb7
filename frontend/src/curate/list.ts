import { button, el } from "../ui/dom";
import type { Api, Tool } from "./api";
import { isJudged, type ReviewQueue } from "./queue";
import type { Medium } from "./schema";
import { texts } from "./texts";
import { isNamed } from "./widgets";

/** How near to its end, in pixels, the list reads on. */
const READ_ON_PX = 600;

/** The queue as small pictures: a column at the side, a strip on a narrow screen. */
export class QueueList {
  readonly element = el("ul", { class: "queue-list", "aria-label": texts.queue });
  readonly #api: Api;
  readonly #queue: ReviewQueue;
  readonly #open: (id: string) => void;
  readonly #items = new Map<string, { item: HTMLElement; of: Medium }>();

  constructor(api: Api, queue: ReviewQueue, open: (id: string) => void) {
    this.#api = api;
    this.#queue = queue;
    this.#open = open;
    this.element.addEventListener("scroll", () => {
      this.#readOn();
    });
  }

  /** Bring the list up to date; what did not change stays as it is. */
  refresh(): void {
    const current = this.#queue.current?.id;
    const items = this.#queue.media.map((medium) => this.#itemOf(medium));
    if (items.length !== this.element.childElementCount || items.some((one) => !one.isConnected))
      this.element.replaceChildren(...items);
    for (const [id, { item }] of this.#items) {
      const chosen = id === current;
      if (item.classList.toggle("chosen", chosen) && chosen) reveal(item);
      const inner = item.firstElementChild;
      if (chosen) inner?.setAttribute("aria-current", "true");
      else inner?.removeAttribute("aria-current");
    }
  }

  #itemOf(medium: Medium): HTMLElement {
    const known = this.#items.get(medium.id);
    if (known?.of === medium) return known.item;
    const item = known?.item ?? el("li", { class: "queue-item" });
    this.#items.set(medium.id, { item, of: medium });
    const { tool } = this.#api;
    const said = texts.judged(medium, tool);
    const state = said || texts.state(medium, tool);
    const content = button(
      { class: "queue-button", "data-id": medium.id, title: [medium.caption, state].join("\n") },
      () => {
        this.#open(medium.id);
      },
      el("img", { src: this.#api.address(medium.id, "small"), alt: "", loading: "lazy" }),
      el(
        "span",
        { class: "queue-text" },
        el(
          "span",
          { class: isNamed(medium) ? "queue-caption named" : "queue-caption" },
          medium.caption,
        ),
        el("span", { class: "queue-state" }, state),
      ),
      mark(medium, tool),
    );
    const focused = item.contains(document.activeElement);
    item.replaceChildren(content);
    if (focused) content.focus({ preventScroll: true });
    return item;
  }

  #readOn(): void {
    const { scrollTop, scrollLeft, scrollHeight, scrollWidth, clientHeight, clientWidth } =
      this.element;
    const left = Math.max(
      scrollHeight - scrollTop - clientHeight,
      scrollWidth - scrollLeft - clientWidth,
    );
    if (left < READ_ON_PX && !this.#queue.complete) void this.#queue.more();
  }
}

/** Return the sign of what was said of a medium, or null if nothing was. */
function mark(medium: Medium, tool: Tool): HTMLElement | null {
  const { label, verdict } = medium.judgement;
  const doubted = tool === "labels" && label === "unsure";
  if (!doubted && !isJudged(medium, tool)) return null;
  const said = tool === "labels" ? label : verdict;
  const sign = doubted ? "mark-doubt" : said === "rejected" ? "mark-no" : "mark-yes";
  return el("span", { class: `queue-mark ${sign}`, "aria-hidden": true }, doubted ? "?" : null);
}

/** Bring an item into sight without moving the page. */
function reveal(item: HTMLElement): void {
  item.scrollIntoView({ block: "nearest", inline: "nearest" });
}
