import { action } from "../curate/widgets";
import { el } from "../ui/dom";
import { calledOf, type Choice, keysOf } from "./classes";

/** Make a button for each answer, with its colour, sign and keys. */
export function answerButtons(
  label: string,
  choices: readonly Choice[],
  say: (choice: Choice) => void,
): HTMLElement {
  const buttons = choices.map((choice) => {
    const act = (): void => {
      say(choice);
    };
    const made = action(calledOf(choice.name), keysOf(choice), act, `answer ${choice.look}`);
    made.prepend(el("span", { class: "sign", "aria-hidden": true }, choice.sign));
    return made;
  });
  return el("span", { class: "answers", role: "group", "aria-label": label }, ...buttons);
}
