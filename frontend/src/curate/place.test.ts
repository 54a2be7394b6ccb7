import { expect, it } from "vitest";

import { chosenLabels, parsePlace } from "./place";

it("reads what the address asks for", () => {
  const id = "0123456789abcdef0123";
  expect(parsePlace(`?tool=upright&order=unseen&id=${id}`)).toEqual({
    tool: "upright",
    order: "unseen",
    id,
    labels: { rank: "", encoder: "" },
    who: "",
  });
  expect(parsePlace("?tool=labels&order=judged&rank=genus&encoder=dino%2Fv2&who=Ada+L")).toEqual({
    tool: "labels",
    order: "judged",
    id: null,
    labels: { rank: "genus", encoder: "dino/v2" },
    who: "Ada L",
  });
});

it("takes what it does not know as if it were not there", () => {
  const plain = {
    tool: "cutout",
    order: "worst",
    id: null,
    labels: { rank: "", encoder: "" },
    who: "",
  };
  expect(parsePlace("")).toEqual(plain);
  expect(parsePlace("?tool=hammer&order=loudest&id=../../etc")).toEqual(plain);
});

it("chooses labels that are there, the rank before the encoder", () => {
  const there = [
    { rank: "species", encoder: "a" },
    { rank: "species", encoder: "b" },
    { rank: "genus", encoder: "a" },
  ];
  const chosen = (rank: string, encoder: string) => chosenLabels(there, { rank, encoder });
  expect(chosen("species", "b")).toBe(there[1]);
  expect(chosen("genus", "b")).toBe(there[2]);
  expect(chosen("", "b")).toBe(there[1]);
  expect(chosen("tribe", "z")).toBe(there[0]);
  expect(chosenLabels(there.slice(3), { rank: "", encoder: "" })).toBeUndefined();
});
