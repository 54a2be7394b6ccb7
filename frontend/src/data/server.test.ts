import { expect, it } from "vitest";

import { Server, ServerError } from "./server";

/** A server that answers what it is told, and notes what it was asked. */
function answering(...answers: (Response | Error)[]) {
  const asked: { address: string; request: RequestInit }[] = [];
  const server = new Server("http://here.test/", "first", "wk review", (address, request = {}) => {
    asked.push({ address, request });
    const answer = answers.shift() ?? new Response("{}");
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  return { server, asked };
}

const token = (request: RequestInit) => new Headers(request.headers).get("x-review-token");
const page = (held: string) => new Response(`<meta name="review-token" content="${held}">`);
const refused = () => new Response("", { status: 403 });
const failure = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof ServerError ? error.problem : error),
  );

it("sends JSON with the token of its page, and reads JSON", async () => {
  const { server, asked } = answering(new Response('{"saved": 3}'));
  expect(await server.send("api/labels", { who: "Ada" })).toEqual({ saved: 3 });
  expect(asked[0]?.address).toBe("http://here.test/api/labels");
  expect(asked[0]?.request).toMatchObject({ method: "POST", body: '{"who":"Ada"}' });
  expect(token(asked[0]?.request ?? {})).toBe("first");
});

it("takes the token of a server that was started again, and asks once more", async () => {
  const { server, asked } = answering(refused(), page("second"), new Response('{"saved": 1}'));
  expect(await server.send("api/labels", {})).toEqual({ saved: 1 });
  expect(asked.map(({ address }) => address)).toEqual([
    "http://here.test/api/labels",
    "http://here.test/",
    "http://here.test/api/labels",
  ]);
  expect(token(asked[2]?.request ?? {})).toBe("second");
});

it("does not ask twice where it is refused with the right token", async () => {
  const { server, asked } = answering(refused(), page("first"));
  expect(await failure(server.send("api/labels", {}))).toMatchObject({ status: 403 });
  expect(asked).toHaveLength(2);
});

it("says in words what the server says, and that it is silent", async () => {
  const told = { title: "no medium has the id 'x'.", detail: "Look again.", status: 404 };
  const headers = { "content-type": "application/problem+json; charset=utf-8" };
  const { server } = answering(
    new Response(JSON.stringify(told), { status: 404, headers }),
    new Response("<html>", { status: 502 }),
    new TypeError("refused"),
  );
  expect(await failure(server.json("api/x"))).toEqual(told);
  expect(await failure(server.json("api/x"))).toMatchObject({
    title: "The server answered 502.",
    status: 502,
  });
  const silent = await failure(server.json("api/x"));
  expect(silent).toMatchObject({ title: "The server does not answer.", status: 0 });
  expect((silent as { detail: string }).detail).toContain("wk review");
});
