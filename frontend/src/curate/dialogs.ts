import { keysDialog } from "../ui/dialogs";
import { el } from "../ui/dom";
import type { Tool } from "./api";
import { KEYS, texts } from "./texts";

/** Make the dialog that lists the keys of a tool. */
export function helpDialog(tool: Tool): HTMLDialogElement {
  const dialog = keysDialog(texts.titles[tool], KEYS[tool]);
  if (tool === "upright") dialog.append(el("p", {}, texts.dial.hint));
  return dialog;
}
