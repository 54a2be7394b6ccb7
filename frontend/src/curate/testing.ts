import type { Issue, Medium, Queue, Stated, Statement } from "./schema";

/** What people stated where they stated nothing. */
export const NOTHING: Medium["judgement"] = {
  verdict: null,
  mask: null,
  angle_deg: null,
  label: null,
  name: null,
  who: "",
  when: "",
};

/** A medium for tests, with what differs from a plain one. */
export function medium(id: string, change: Partial<Medium> = {}): Medium {
  return {
    id,
    photograph: id,
    caption: "Vanessa atalanta",
    file: `${id}.jpg`,
    width: 3200,
    height: 2000,
    preview_width: 1600,
    preview_height: 1000,
    confidence: 0.9,
    reason: "",
    rejected: false,
    made_by: "unet",
    agreement: null,
    has_machine_mask: true,
    cutouts: [],
    is_part: false,
    turned_deg: null,
    issue: null,
    judgement: NOTHING,
    ...change,
  };
}

/** A suspected label for tests. */
export function issue(change: Partial<Issue> = {}): Issue {
  return {
    rank: "species",
    encoder: "network",
    label: "Vanessa atalanta",
    proposed: "Aglais io",
    score: 0.03,
    encoders: ["network"],
    ...change,
  };
}

/** A server in memory: media in an order, judged ones at the end, as the real one answers. */
export class Shelf {
  media: Medium[];
  readonly asked: string[] = [];

  constructor(n: number) {
    this.media = Array.from({ length: n }, (_, i) => medium(String(i).padStart(20, "0")));
  }

  readonly fetch = (address: string, request: RequestInit = {}): Promise<Response> => {
    const url = new URL(address);
    this.asked.push(`${request.method ?? "GET"} ${url.pathname}${url.search}`);
    const [, , , id = ""] = url.pathname.split("/");
    if (url.pathname === "/api/queue") return json(this.#queue(url));
    const found = this.media.find((one) => one.id === id);
    if (!found) return json({ title: `no ${id}`, detail: "look", status: 404 }, 404);
    if (request.method !== "POST") return json(found);
    return json(
      this.#state(found, JSON.parse(request.body as string) as { statements: Statement[] }),
    );
  };

  #queue(url: URL): Queue {
    const offset = Number(url.searchParams.get("offset"));
    const limit = Number(url.searchParams.get("limit"));
    const order = [...this.media].sort(
      (a, b) => Number(a.judgement.verdict !== null) - Number(b.judgement.verdict !== null),
    );
    const n_judged = order.filter(({ judgement }) => judgement.verdict !== null).length;
    return {
      n: order.length,
      n_media: order.length,
      n_judged,
      offset,
      media: order.slice(offset, offset + limit),
    };
  }

  #state(found: Medium, { statements }: { statements: Statement[] }): Stated {
    const before = [{ term: "cutout" as const, value: found.judgement.verdict }];
    const verdict = (statements[0]?.value ?? null) as Medium["judgement"]["verdict"];
    const changed = { ...found, judgement: { ...found.judgement, verdict } };
    this.media = this.media.map((one) => (one === found ? changed : one));
    return { medium: changed, before };
  }
}

function json(value: unknown, status = 200): Promise<Response> {
  const type = status === 200 ? "application/json" : "application/problem+json";
  return Promise.resolve(
    new Response(JSON.stringify(value), { status, headers: { "content-type": type } }),
  );
}
