import { action } from "../curate/widgets";
import { el } from "../ui/dom";
import { calledOf, type Choice, keysOf } from "./classes";

/** Make the button that gives an answer: its sign, its name, its keys. */
export function answerButton(choice: Choice, act: () => void): HTMLButtonElement {
  const made = action(calledOf(choice.name), keysOf(choice), act);
  made.classList.add("answer", choice.look);
  made.dataset["class"] = choice.name;
  made.prepend(el("span", { class: "sign", "aria-hidden": true }, choice.sign));
  return made;
}
