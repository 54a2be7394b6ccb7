import { QUEUES, type QueueName } from "./api";

export type ViewName = "label" | "grid" | "map" | "rounds" | "people";

/** The views in the order of their tabs. */
export const VIEWS: readonly ViewName[] = ["label", "grid", "map", "rounds", "people"];

/** What the address asks for. */
export interface Place {
  /** Empty where the address does not say: the first task. */
  readonly task: string;
  readonly view: ViewName;
  readonly queue: QueueName;
  /** The medium to open, or null. */
  readonly id: string | null;
}

/** Read `?task=…&view=…&queue=…&id=…`; what is not known is taken as if it were not there. */
export function parsePlace(search: string): Place {
  const asked = new URLSearchParams(search);
  const id = asked.get("id");
  return {
    task: asked.get("task") ?? "",
    view: VIEWS.find((one) => one === asked.get("view")) ?? "label",
    queue: QUEUES.find((one) => one === asked.get("queue")) ?? "next",
    id: id && isId(id) ? id : null,
  };
}

/** Return the address of a place, as `?…`. */
export function searchOf({ task, view, queue, id }: Place): string {
  const asked = new URLSearchParams({ task, view, queue });
  if (id) asked.set("id", id);
  return `?${asked.toString()}`;
}

/** True if a text can be the id of a medium. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{20}$/.test(text);
}
