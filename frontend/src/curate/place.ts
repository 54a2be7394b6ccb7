import type { Labels, Order, Tool } from "./api";

/** What the address asks for. */
export interface Place {
  readonly tool: Tool;
  readonly order: Order;
  readonly id: string | null;
  /** Which labels; empty texts where the address does not say. */
  readonly labels: Labels;
  /** Whose statements they are; empty where the address does not say. */
  readonly who: string;
}

const TOOLS: readonly Tool[] = ["cutout", "upright", "labels"];
const ORDERS: readonly Order[] = ["worst", "least-sure", "unseen", "judged"];

/** Read `?tool=…&order=…&id=…&rank=…&encoder=…&who=…`; what is not known is taken as if it were not there. */
export function parsePlace(search: string): Place {
  const asked = new URLSearchParams(search);
  const id = asked.get("id");
  return {
    tool: TOOLS.find((one) => one === asked.get("tool")) ?? "cutout",
    order: ORDERS.find((one) => one === asked.get("order")) ?? "worst",
    id: id && /^[0-9a-f]{20}$/.test(id) ? id : null,
    labels: { rank: asked.get("rank") ?? "", encoder: asked.get("encoder") ?? "" },
    who: asked.get("who") ?? "",
  };
}

/** Return the labels that are meant, or the first ones that fit; `there` is not empty. */
export function chosenLabels<T extends Labels>(there: readonly T[], asked: Labels): T | undefined {
  const ofRank = there.filter(({ rank }) => rank === asked.rank);
  return (
    ofRank.find(({ encoder }) => encoder === asked.encoder) ??
    ofRank[0] ??
    there.find(({ encoder }) => encoder === asked.encoder) ??
    there[0]
  );
}
