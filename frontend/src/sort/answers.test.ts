import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Answers, type News } from "./answers";
import { idOf, medium, Room } from "./testing";

let room: Room;
let storage: Storage;
let answers: Answers;
let news: News[];

beforeEach(() => {
  vi.useFakeTimers();
  window.sessionStorage.clear();
  storage = window.sessionStorage;
  room = new Room(20);
  [answers, news] = opened("Ada");
});

afterEach(() => {
  vi.useRealTimers();
});

function opened(who: string): [Answers, News[]] {
  const heard: News[] = [];
  const made = new Answers(room.api(), storage, who);
  made.watch((one) => heard.push(one));
  return [made, heard];
}

const at = (n: number) => medium(idOf(n));

it("holds an answer at once and marks it saved when the server has it", async () => {
  answers.say([at(3)], "good", "label");
  expect(answers.of(at(3))).toEqual({ value: "good", saved: false });
  expect(answers.unsent).toBe(1);
  await vi.runAllTimersAsync();
  expect(answers.of(at(3))).toEqual({ value: "good", saved: true });
  expect(room.said).toEqual([[idOf(3), "good", "Ada"]]);
  expect(news.at(-1)?.saved?.state.n_labelled).toBe(1);
});

it("keeps what is said while nobody answers, and sends it in order when somebody does", async () => {
  room.away = true;
  for (let i = 0; i < 5; i++) answers.say([at(i)], i % 2 ? "bad" : "good", "label");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(answers.unsent).toBe(5);
  expect(answers.reached).toBe(false);
  room.away = false;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(answers.unsent).toBe(0);
  expect(answers.reached).toBe(true);
  expect(room.said.map(([id]) => id)).toEqual([0, 1, 2, 3, 4].map(idOf));
});

it("sends after a reload what was not saved before, with the name of who said it", async () => {
  const closed = new Room(20);
  closed.away = true;
  new Answers(closed.api(), storage, "Ada").say([at(1), at(2)], "bad", "grid");
  await vi.advanceTimersByTimeAsync(1000);
  const reloaded = new Answers(room.api(), storage, "Ada");
  expect(reloaded.of(at(2))).toEqual({ value: "bad", saved: false });
  const other = new Answers(room.api(), storage, "Bo");
  expect(other.of(at(2)).value).toBeNull();
  other.hurry();
  await vi.advanceTimersByTimeAsync(1000);
  expect(room.said).toEqual([
    [idOf(1), "bad", "Ada"],
    [idOf(2), "bad", "Ada"],
  ]);
  expect(storage.length).toBe(0);
});

it("takes steps back, the last first, to what held before each", async () => {
  room.media[7] = medium(idOf(7), { said: "bad" });
  answers.say([at(5)], "good", "label");
  answers.say([at(5), medium(idOf(7), { said: "bad" })], "unsure", "grid");
  await vi.runAllTimersAsync();
  expect(answers.steps).toBe(2);
  expect(answers.undo()?.before).toEqual([
    { id: idOf(5), value: "good" },
    { id: idOf(7), value: "bad" },
  ]);
  await vi.runAllTimersAsync();
  expect(room.media[7].said).toBe("bad");
  expect(room.media[5]?.said).toBe("good");
  answers.undo();
  expect(answers.undo()).toBeNull();
  await vi.runAllTimersAsync();
  expect(room.media[5]?.said).toBeNull();
});

it("names each medium once a request, though more was said of it", async () => {
  room.away = true;
  answers.say([at(1)], "good", "label");
  answers.say([at(1)], "bad", "label");
  answers.undo();
  room.away = false;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(room.media[1]?.said).toBe("good");
  expect(answers.unsent).toBe(0);
});

it("drops what the server will never take, and only that", async () => {
  room.away = true;
  answers.say([at(1)], "good", "label");
  answers.say([at(2)], "wrong", "label");
  answers.say([at(3)], "bad", "label");
  room.away = false;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(room.said.map(([id]) => id)).toEqual([idOf(1), idOf(3)]);
  expect(answers.unsent).toBe(0);
  expect(answers.of(at(2)).value).toBeNull();
  expect(news.filter(({ refused }) => refused).map(({ ids }) => ids)).toEqual([[idOf(2)]]);
});

it("goes on with a server that was started again and handed out another token", async () => {
  room.token = "another";
  answers.say([at(4)], "good", "label");
  await vi.runAllTimersAsync();
  expect(room.said).toEqual([[idOf(4), "good", "Ada"]]);
  answers.say([at(5)], "good", "label");
  await vi.runAllTimersAsync();
  expect(room.asked.filter((one) => one === "GET /")).toHaveLength(1);
});

it("believes the server about others' media, and itself about what is not sent", async () => {
  room.away = true;
  answers.say([at(1)], "good", "label");
  answers.learn([medium(idOf(1), { said: "bad" }), medium(idOf(2), { said: "bad" })]);
  expect(answers.of(medium(idOf(1), { said: "bad" })).value).toBe("good");
  expect(answers.of(medium(idOf(2), { said: "bad" })).value).toBe("bad");
  room.away = false;
  await vi.advanceTimersByTimeAsync(5_000);
  answers.learn([medium(idOf(1), { said: null })]);
  expect(answers.of(at(1)).value, "an older answer on its way").toBe("good");
  await vi.advanceTimersByTimeAsync(10_000);
  answers.learn([medium(idOf(1), { said: "bad" })]);
  expect(answers.of(at(1)).value, "said in another tab").toBe("bad");
});

it("tells votes from what settles a conflict", () => {
  room.away = true;
  const torn = medium(idOf(9), { said: "good", conflict: true });
  answers.say([torn], "bad", "label", true);
  expect(answers.of(torn).value).toBe("good");
  expect(answers.of(torn, true).value).toBe("bad");
});

it("forgets what cannot be read instead of failing", () => {
  storage.setItem("wk-unsent/quality", '[{"id": 3}, "x"]');
  expect(new Answers(room.api(), storage, "Ada").unsent).toBe(0);
  storage.setItem("wk-unsent/quality", "{broken");
  expect(new Answers(room.api(), storage, "Ada").unsent).toBe(0);
});
