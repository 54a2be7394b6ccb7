import type { Order, Tool } from "./api";

/** What the address asks for. */
export interface Place {
  readonly tool: Tool;
  readonly order: Order;
  readonly id: string | null;
}

/** Read `?tool=…&order=…&id=…`; what is not known is taken as if it were not there. */
export function parsePlace(search: string): Place {
  const asked = new URLSearchParams(search);
  const order = asked.get("order");
  const id = asked.get("id");
  return {
    tool: asked.get("tool") === "upright" ? "upright" : "cutout",
    order: order === "least-sure" || order === "unseen" ? order : "worst",
    id: id && /^[0-9a-f]{20}$/.test(id) ? id : null,
  };
}
