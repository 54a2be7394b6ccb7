import { Server } from "../data/server";
import { Api } from "./api";
import type { Labels, Saved, SortMedium, SortQueue } from "./schema";

/** A medium for tests, with what differs from a plain one. */
export function medium(id: string, change: Partial<SortMedium> = {}): SortMedium {
  return {
    id,
    version: "v1",
    caption: `Specimen ${id}`,
    width: 1600,
    height: 1200,
    said: null,
    others: [],
    settled: null,
    label: null,
    conflict: false,
    proposed: null,
    score: null,
    probabilities: [],
    entropy: null,
    votes: [],
    reason: "",
    ...change,
  };
}

/** Return the id of the n-th medium. */
export function idOf(n: number): string {
  return String(n).padStart(20, "0");
}

/** A server in memory: answered media leave its queues, as they do in the real one. */
export class Room {
  media: SortMedium[];
  /** What was said, in order: id, value and who. */
  readonly said: (readonly [id: string, value: string | null, who: string])[] = [];
  readonly asked: string[] = [];
  /** True: nobody answers. */
  away = false;
  /** A value that is refused. */
  forbidden = "wrong";
  token = "token";

  constructor(n: number) {
    this.media = Array.from({ length: n }, (_, i) => medium(idOf(i)));
  }

  api(task = "quality"): Api {
    return new Api(new Server("http://here.test/", "token", "wk curate", this.fetch), task);
  }

  readonly fetch = (address: string, request: RequestInit = {}): Promise<Response> => {
    const url = new URL(address);
    const method = request.method ?? "GET";
    this.asked.push(`${method} ${url.pathname}${url.search}`);
    if (this.away) return Promise.reject(new TypeError("no answer"));
    if (url.pathname === "/") return page(this.token);
    if (method === "GET") return json(this.#queue(url));
    if (new Headers(request.headers).get("x-review-token") !== this.token)
      return problem(403, "the page belongs to a server that was stopped.");
    return this.#say(JSON.parse(request.body as string) as Labels);
  };

  #queue(url: URL): SortQueue {
    const asked = url.searchParams;
    const name = asked.get("name") as SortQueue["name"];
    const offset = Number(asked.get("offset"));
    const open = name === "labelled" ? this.media : this.media.filter((one) => one.said === null);
    const media = open.slice(offset, offset + Number(asked.get("limit")));
    return { name, n: open.length, offset, media };
  }

  #say({ who, labels }: Labels): Promise<Response> {
    if (labels.some(({ value }) => value === this.forbidden))
      return problem(422, `no class is called '${this.forbidden}'.`);
    if (new Set(labels.map(({ id }) => id)).size < labels.length)
      return problem(422, "a medium is labelled twice in one request.");
    const before = labels.map(({ id }) => ({
      id,
      value: this.media.find((one) => one.id === id)?.said ?? null,
    }));
    for (const { id, value } of labels) {
      this.said.push([id, value, who]);
      this.media = this.media.map((one) => (one.id === id ? { ...one, said: value } : one));
    }
    const n_labelled = this.media.filter((one) => one.said !== null).length;
    const state = { n_labelled, n_unsure: 0, n_conflicts: 0, n_since: n_labelled, classes: [] };
    const saved: Saved = { saved: labels.length, before, state };
    return json(saved);
  }
}

function json(value: unknown, status = 200): Promise<Response> {
  const type = status === 200 ? "application/json" : "application/problem+json";
  return Promise.resolve(
    new Response(JSON.stringify(value), { status, headers: { "content-type": type } }),
  );
}

function problem(status: number, title: string): Promise<Response> {
  return json({ title, detail: "", status }, status);
}

function page(token: string): Promise<Response> {
  const text = `<html><head><meta name="review-token" content="${token}"></head></html>`;
  return Promise.resolve(new Response(text, { headers: { "content-type": "text/html" } }));
}
