import { expect, it } from "vitest";

import { Server, ServerError } from "../data/server";
import { lines, serverLooker } from "./asking";

const ROWS = { a: 0, b: 1 };

/** An answer that comes in pieces, cut anywhere. */
function inPieces(...pieces: string[]): Response {
  const encoder = new TextEncoder();
  return new Response(
    new ReadableStream({
      start(controller) {
        for (const piece of pieces) controller.enqueue(encoder.encode(piece));
        controller.close();
      },
    }),
  );
}

const answering = (...pieces: string[]): Server =>
  new Server("http://here.test/", "token", "wk serve --photos", () =>
    Promise.resolve(inPieces(...pieces)),
  );
const atlas = {
  rowOf: (id: string): Promise<number> =>
    id in ROWS ? Promise.resolve(ROWS[id as keyof typeof ROWS]) : Promise.reject(new Error(id)),
};
const photograph = new Blob(["a"], { type: "image/jpeg" });

it("reads lines wherever they are cut", async () => {
  const told = [];
  for await (const one of lines(inPieces('{"step":"cut', 'out"}\n{"step"', ':"upright"}\n')))
    told.push(one);
  expect(told).toEqual([{ step: "cutout" }, { step: "upright" }]);
});

it("tells each step and returns what is like the photograph", async () => {
  const media = ["b", "unknown", "a"].map((id, i) => ({ id, similarity: 1 - i / 4 }));
  const liked = { media, picture: "data:,", n_specimens: 0 };
  const steps: string[] = [];
  const looker = serverLooker(
    atlas,
    answering('{"step":"search"}\n{"step":"a new one"}\n', `{"liked":${JSON.stringify(liked)}}\n`),
  );
  const looked = await looker.look(photograph, (step) => steps.push(step));
  expect(looked.picture).toBe("data:,");
  expect(looked.likes).toEqual([
    { row: 1, similarity: 1 },
    { row: 0, similarity: 0.5 },
  ]);
  expect(steps).toEqual(["reading", "sending", "search"]);
});

it("says what the server refused, and that it stopped in the midst of it", async () => {
  const problem = { title: "too large", detail: "Send a smaller one.", status: 422 };
  const failure = (pieces: string) =>
    serverLooker(atlas, answering(pieces))
      .look(photograph, () => undefined)
      .catch((error: unknown) => (error instanceof ServerError ? error.problem.title : error));
  expect(await failure(`{"problem":${JSON.stringify(problem)}}\n`)).toBe("too large");
  expect(await failure('{"step":"cutout"}\n{"li')).toBe("The server stopped in the midst of it.");
  const text = new Blob(["a"], { type: "text/plain" });
  const looker = serverLooker(atlas, answering(""));
  await expect(looker.look(text, () => undefined)).rejects.toThrow(
    "no photograph that can be read",
  );
});
