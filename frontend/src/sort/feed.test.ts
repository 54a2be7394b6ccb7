import { beforeEach, expect, it } from "vitest";

import { Answers } from "./answers";
import type { QueueName } from "./api";
import { Feed } from "./feed";
import { idOf, medium, Room } from "./testing";

let room: Room;
let answers: Answers;

beforeEach(() => {
  window.sessionStorage.clear();
  room = new Room(45);
  answers = new Answers(room.api(), window.sessionStorage, "Ada");
});

const feedOf = (queue: QueueName): Feed => new Feed(room.api(), answers, queue, "Ada", 12);

it("shows each medium once, though answered ones leave the queue meanwhile", async () => {
  const feed = feedOf("lot");
  const seen: string[] = [];
  for (let i = 0; ; i++) {
    await feed.reach(i + 1);
    const one = feed.media[i];
    if (!one) break;
    seen.push(one.id);
    answers.say([one], "good", "label");
    if (i % 5 === 0) await settled();
  }
  expect(seen).toEqual(Array.from({ length: 45 }, (_, i) => idOf(i)));
  expect(feed.complete).toBe(true);
});

it("goes past what was skipped", async () => {
  const feed = feedOf("lot");
  for (let i = 0; ; i++) {
    await feed.reach(i + 1);
    const one = feed.media[i];
    if (!one) break;
    if (i % 3 === 0) answers.say([one], "bad", "label");
    if (i % 5 === 0) await settled();
  }
  expect(feed.media).toHaveLength(45);
});

it("reads a queue that answered media stay in, and says how long it is", async () => {
  const feed = feedOf("labelled");
  await feed.reach(1);
  expect(feed.n).toBe(45);
  expect(feed.media.length).toBeLessThan(900);
  await feed.reach(Infinity);
  expect(feed.media).toHaveLength(45);
  expect(room.asked.length).toBeLessThan(6);
});

it("keeps its place and takes the new order when it is renewed", async () => {
  const feed = feedOf("next");
  await feed.reach(5);
  const kept = feed.media.slice(0, 2).map(({ id }) => id);
  room.media.reverse();
  feed.renew(2);
  await feed.reach(5);
  expect(feed.media.slice(0, 3).map(({ id }) => id)).toEqual([...kept, idOf(44)]);
  await feed.reach(Infinity);
  expect(new Set(feed.media.map(({ id }) => id)).size).toBe(45);
});

it("misses none when what it kept is answered after it was renewed", async () => {
  const feed = feedOf("lot");
  await feed.reach(1);
  feed.renew(3);
  await feed.reach(4);
  for (const one of feed.media.slice(0, 3)) answers.say([one], "good", "label");
  await settled();
  await feed.reach(Infinity);
  expect(feed.media).toHaveLength(45);
});

it("takes a medium from elsewhere once", async () => {
  const feed = feedOf("next");
  await feed.reach(1);
  feed.insert(0, medium("f".repeat(20)));
  feed.insert(0, medium("f".repeat(20)));
  expect(feed.indexOf("f".repeat(20))).toBe(0);
  expect(feed.indexOf(idOf(0))).toBe(1);
  expect(feed.indexOf("e".repeat(20))).toBe(-1);
});

it("ends where there is nothing", async () => {
  room.media = [];
  const feed = feedOf("conflicts");
  await feed.reach(1);
  expect(feed.n).toBe(0);
  expect(feed.complete).toBe(true);
});

/** Let what is under way come to its end. */
async function settled(): Promise<void> {
  while (answers.unsent) await new Promise((resolve) => setTimeout(resolve));
}
