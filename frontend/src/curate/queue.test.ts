import { beforeEach, expect, it } from "vitest";

import { type Fetch, Server, ServerError } from "../data/server";
import { Api } from "./api";
import { isJudged, ReviewQueue } from "./queue";
import { Visit } from "./statements";
import { medium, NOTHING, Shelf } from "./testing";

const served = (fetch: Fetch) => new Server("http://here.test/", "token", "wk review", fetch);

let shelf: Shelf;
let queue: ReviewQueue;
let visit: Visit;

beforeEach(() => {
  shelf = new Shelf(150);
  const api = new Api("cutout", served(shelf.fetch));
  queue = new ReviewQueue(api, "worst", () => undefined);
  visit = new Visit(api, (changed) => {
    queue.update(changed);
  });
});

async function all(): Promise<string[]> {
  const seen: string[] = [];
  await queue.more();
  for (let id = queue.first("cutout"); id; id = await queue.step(1)) {
    await queue.open(id);
    seen.push(id);
    await visit.state(id, [{ term: "cutout", value: "accepted" }]);
  }
  return seen;
}

it("shows every medium once, though judged ones go to the end meanwhile", async () => {
  const ids = shelf.media.map(({ id }) => id);
  const seen = await all();
  expect(seen).toHaveLength(150);
  expect(new Set(seen)).toEqual(new Set(ids));
  expect(queue.complete).toBe(true);
});

it("reads a page at a time, and one page once", async () => {
  await Promise.all([queue.more(), queue.more()]);
  expect(queue.media).toHaveLength(60);
  expect(shelf.asked).toHaveLength(1);
  expect(queue.n).toBe(150);
});

it("begins with the first that nobody has judged", async () => {
  const judged = { ...NOTHING, verdict: "accepted", who: "A" } as const;
  shelf.media = [medium("a".repeat(20), { judgement: judged }), medium("b".repeat(20))];
  await queue.more();
  expect(queue.first("cutout")).toBe("b".repeat(20));
  expect(queue.media.map((one) => isJudged(one, "upright"))).toEqual([false, false]);
});

it("counts what was judged, also when it is taken back", async () => {
  await queue.more();
  expect(queue.progress).toEqual({ n: 150, judged: 0 });
  const [first, second] = shelf.media.map(({ id }) => id);
  await visit.state(first ?? "", [{ term: "cutout", value: "rejected" }]);
  await visit.state(first ?? "", [{ term: "cutout", value: "accepted" }]);
  await visit.state(second ?? "", [{ term: "cutout", value: "accepted" }]);
  expect(queue.progress.judged).toBe(2);
  await visit.undo();
  expect(queue.progress.judged).toBe(1);
});

it("leaves a label open of which nobody is sure", () => {
  const said = (label: "accepted" | "renamed" | "unsure" | null) =>
    isJudged(medium("a".repeat(20), { judgement: { ...NOTHING, label } }), "labels");
  expect([said("accepted"), said("renamed"), said("unsure"), said(null)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

it("asks about the labels under review, and those alone", async () => {
  const labels = { rank: "species", encoder: "my net" };
  const api = new Api("labels", served(shelf.fetch)).about(labels);
  await api.queue("unseen", 0, 10);
  expect(shelf.asked).toEqual([
    "GET /api/queue?tool=labels&order=unseen&offset=0&limit=10&rank=species&encoder=my+net",
  ]);
  expect(api.address("a".repeat(20), "small")).toBe(
    `http://here.test/api/labels/${"a".repeat(20)}/small`,
  );
});

it("opens a medium that lies further on", async () => {
  await queue.more();
  const far = "140".padStart(20, "0");
  await queue.open(far);
  expect(queue.current?.id).toBe(far);
  await expect(queue.open("f".repeat(20))).rejects.toThrow(ServerError);
});

it("takes statements back, the last first, by stating what held before", async () => {
  const [first, second] = shelf.media.map(({ id }) => id);
  await queue.more();
  await visit.state(first ?? "", [{ term: "cutout", value: "rejected" }]);
  await visit.state(second ?? "", [{ term: "cutout", value: "accepted" }]);
  expect(visit.n).toBe(2);
  expect(await visit.undo()).toBe(second);
  expect(await visit.undo()).toBe(first);
  expect(await visit.undo()).toBeNull();
  expect(shelf.media.filter((one) => one.judgement.verdict !== null)).toEqual([]);
});

it("says in words what the server refuses, and that it is silent", async () => {
  const api = new Api("cutout", served(shelf.fetch));
  const refused = await api.medium("f".repeat(20)).catch((error: unknown) => error);
  expect((refused as ServerError).problem.detail).toBe("look");
  const silent = new Api(
    "cutout",
    served(() => Promise.reject(new TypeError())),
  );
  const error = await silent.session().catch((one: unknown) => one);
  expect((error as ServerError).problem.title).toBe("The server does not answer.");
});
