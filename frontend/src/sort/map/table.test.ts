import { expect, test } from "vitest";

import { Answers } from "../answers";
import { MediaTable } from "./table";
import { idOf, Room } from "../testing";

function tableOf(room: Room) {
  const api = room.api();
  return new MediaTable(api, new Answers(api, window.sessionStorage, "Ada"));
}

test("all media are read, page by page, and known from the first page on", async () => {
  const room = new Room(1200);
  const table = tableOf(room);
  const seen: number[] = [];
  expect(await table.read("Ada", () => seen.push(table.n))).toBe(true);
  expect(table.n).toBe(1200);
  expect(seen[0]).toBe(500);
  expect(table.of(idOf(1199))?.id).toBe(idOf(1199));
  expect(table.of(idOf(1200))).toBeUndefined();
});

test("what is gone from the collection is forgotten once all was read again", async () => {
  const room = new Room(3);
  const table = tableOf(room);
  await table.read("Ada", () => undefined);
  room.media = room.media.slice(1);
  await table.read("Ada", () => undefined);
  expect(table.of(idOf(0))).toBeUndefined();
  expect(table.n).toBe(2);
});

test("a reading that a later one overtakes ends without a word", async () => {
  const table = tableOf(new Room(40));
  const told: string[] = [];
  const both = [
    table.read("Ada", () => told.push("first")),
    table.read("Ada", () => told.push("second")),
  ];
  expect(await Promise.all(both)).toEqual([false, true]);
  expect(told).not.toContain("first");
});
