import type { SortTask } from "../sort/schema";
import { button, el } from "../ui/dom";

/** Make a button for each class of a task; the one that holds is pressed. */
export function classButtons(
  task: SortTask,
  chosen: (value: string) => void,
): { element: HTMLElement; press: (value: string | null) => void } {
  const buttons = task.classes.map(({ name }) => {
    const choose = (): void => {
      chosen(name);
    };
    return button({ class: "class", "data-class": name }, choose, name);
  });
  const element = el(
    "div",
    { class: "classes", role: "group", "aria-label": task.name },
    ...buttons,
  );
  const press = (value: string | null): void => {
    for (const one of buttons) one.setAttribute("aria-pressed", String(one.textContent === value));
  };
  return { element, press };
}
