import { beforeEach, expect, it } from "vitest";

import { Answers } from "../answers";
import { Feed } from "../feed";
import { GridMedia } from "./media";
import { idOf, medium, Room } from "../testing";

let feed: Feed;

beforeEach(() => {
  window.sessionStorage.clear();
  const room = new Room(0);
  room.media = Array.from({ length: 40 }, (_, i) =>
    medium(idOf(i), { proposed: i % 4 === 0 ? "bad" : "good", score: 0.5 + ((i * 7) % 40) / 80 }),
  );
  const answers = new Answers(room.api(), window.sessionStorage, "Ada");
  feed = new Feed(room.api(), answers, "unlabelled", "Ada", 12);
});

it("shows the queue in its order, read as far as it is wanted", async () => {
  const all = new GridMedia(feed, null);
  await all.reach(5);
  expect(all.media.map(({ id }) => id)).toEqual(Array.from({ length: 12 }, (_, i) => idOf(i)));
  expect(all.n).toBe(40);
  expect(all.indexOf(idOf(7))).toBe(7);
});

it("shows all that is proposed for one class, the surest first", async () => {
  const bad = new GridMedia(feed, "bad");
  await bad.reach(5);
  expect(bad.n).toBe(10);
  expect(bad.media.every(({ proposed }) => proposed === "bad")).toBe(true);
  const scores = bad.media.map(({ score }) => score ?? 0);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
  const [first] = bad.media;
  expect(bad.indexOf(first?.id ?? "")).toBe(0);
  expect(bad.indexOf(idOf(1))).toBe(-1);
});
