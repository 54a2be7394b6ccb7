import { expect, it } from "vitest";

import { Server, ServerError } from "../data/server";
import { lines, serverLooker } from "./asking";

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
const photograph = new Blob(["a"], { type: "image/jpeg" });

it("reads lines wherever they are cut", async () => {
  const told = [];
  for await (const one of lines(inPieces('{"step":"cut', 'out"}\n{"step"', ':"upright"}\n')))
    told.push(one);
  expect(told).toEqual([{ step: "cutout" }, { step: "upright" }]);
});

it("tells each step and returns what is like the photograph", async () => {
  const liked = { media: [], picture: "", n_specimens: 0 };
  const steps: string[] = [];
  const look = serverLooker(
    answering('{"step":"search"}\n{"step":"a new one"}\n', `{"liked":${JSON.stringify(liked)}}\n`),
  );
  expect(await look(photograph, (step) => steps.push(step))).toEqual(liked);
  expect(steps).toEqual(["reading", "sending", "search"]);
});

it("says what the server refused, and that it stopped in the midst of it", async () => {
  const problem = { title: "too large", detail: "Send a smaller one.", status: 422 };
  const failure = (pieces: string) =>
    serverLooker(answering(pieces))(photograph, () => undefined).catch((error: unknown) =>
      error instanceof ServerError ? error.problem.title : error,
    );
  expect(await failure(`{"problem":${JSON.stringify(problem)}}\n`)).toBe("too large");
  expect(await failure('{"step":"cutout"}\n{"li')).toBe("The server stopped in the midst of it.");
  const text = new Blob(["a"], { type: "text/plain" });
  await expect(serverLooker(answering(""))(text, () => undefined)).rejects.toThrow(
    "no photograph that can be read",
  );
});
