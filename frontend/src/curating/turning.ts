import "../curate/dial.css";

import { wrapped } from "../curate/angles";
import { Dial } from "../curate/dial";
import type { Medium } from "../curate/schema";
import { button, el } from "../ui/dom";
import { askWith } from "./form";
import { texts } from "./texts";

const FINE: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowUp: -90, ArrowDown: 90 };

/** Ask how far a specimen lies turned from upright; null if it is left as it is. */
export async function askTurn(medium: Medium, picture: string): Promise<number | null> {
  const field = degreesField();
  const dial = new Dial((degrees) => {
    field.value = String(degrees);
  });
  const turn = (degrees: number): void => {
    dial.set(wrapped(degrees));
    field.value = String(dial.degrees);
  };
  field.addEventListener("input", () => {
    if (Number.isFinite(field.valueAsNumber)) dial.set(field.valueAsNumber);
  });
  dial.element.addEventListener("keydown", (event) => {
    const by = FINE[event.key];
    if (by === undefined) return;
    event.preventDefault();
    turn(dial.degrees + by * (event.shiftKey && Math.abs(by) === 1 ? 10 : 1));
  });
  turn(medium.judgement.angle_deg ?? medium.turned_deg ?? 0);
  void dial.show(picture, medium.caption).catch(() => {
    dial.element.replaceChildren(texts.failed);
  });
  const { title, hint } = texts.turning;
  const room = el("div", { class: "dial-room" }, dial.element);
  const kept = await askWith(title, hint, room, controls(field, turn, dial));
  return kept ? dial.degrees : null;
}

function degreesField(): HTMLInputElement {
  return el("input", {
    type: "number",
    class: "degrees",
    step: "0.1",
    min: -180,
    max: 180,
    "aria-label": texts.turning.field,
  });
}

function controls(
  field: HTMLInputElement,
  turn: (degrees: number) => void,
  dial: Dial,
): HTMLElement {
  const quarter = (label: string, sign: string, by: number): HTMLElement => {
    const action = (): void => {
      turn(dial.degrees + by);
    };
    return button({ class: "choice", "aria-label": label, title: label }, action, sign);
  };
  return el(
    "div",
    { class: "dial-controls" },
    quarter(texts.turning.left, "↺ 90°", -90),
    field,
    quarter(texts.turning.right, "↻ 90°", 90),
  );
}
