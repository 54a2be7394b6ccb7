/** What of the map is in the window: its centre in pixels at the highest zoom. */
export interface View {
  zoom: number;
  x: number;
  y: number;
}

/** What the part of an address behind # says: where, and which card is open. */
export interface Place {
  view: View | null;
  card: string | null;
}

/** Longer names are no ids; they are cut so that a message can quote them. */
const CARD_LENGTH = 64;

/** Read `#v=<zoom>,<x>,<y>&card=<id>`; parts that make no sense are left out. */
export function parsePlace(hash: string): Place {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const card = fields.get("card")?.slice(0, CARD_LENGTH);
  return { view: parseView(fields.get("v") ?? ""), card: card === "" ? null : (card ?? null) };
}

/** Write a place as parsePlace reads it; zoom to 2 decimals, x and y to whole pixels. */
export function formatPlace(place: Place): string {
  const parts: string[] = [];
  if (place.view) {
    const { zoom, x, y } = place.view;
    parts.push(`v=${Number(zoom.toFixed(2))},${Math.round(x)},${Math.round(y)}`);
  }
  if (place.card) parts.push(`card=${encodeURIComponent(place.card)}`);
  return `#${parts.join("&")}`;
}

function parseView(text: string): View | null {
  const parts = text.split(",");
  const [zoom = NaN, x = NaN, y = NaN] = parts.map((part) => (part ? Number(part) : NaN));
  const usable = parts.length === 3 && [zoom, x, y].every(Number.isFinite);
  return usable ? { zoom, x, y } : null;
}
