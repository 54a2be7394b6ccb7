import { Library } from "./library";

/** What of a service worker's world is used here; the page's types do not know it. */
interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Asked extends Waiting {
  readonly request: Request;
  readonly clientId: string;
  respondWith(answer: Promise<Response>): void;
}
interface World {
  readonly registration: { readonly scope: string };
  readonly clients: {
    claim(): Promise<void>;
    get(id: string): Promise<{ readonly url: string } | undefined>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(kind: "activate" | "install", listen: (event: Waiting) => void): void;
  addEventListener(kind: "fetch", listen: (event: Asked) => void): void;
}

const world = self as unknown as World;
const { scope } = world.registration;
const library = new Library(scope, caches, (request) => fetch(request));

world.addEventListener("install", (event) => {
  event.waitUntil(world.skipWaiting());
});

world.addEventListener("activate", (event) => {
  event.waitUntil(world.clients.claim());
});

world.addEventListener("fetch", (event) => {
  if (!library.serves(event.request)) return;
  if (event.request.mode === "navigate") {
    const { pathname } = new URL(event.request.url);
    const home = new URL(scope).pathname;
    if (pathname !== home && pathname !== `${home}index.html`) return;
    event.respondWith(library.answer(event.request));
  } else event.respondWith(answer(event));
});

/** An atlas in a folder below this one is none of ours. */
async function answer({ request, clientId }: Asked): Promise<Response> {
  const page = await world.clients.get(clientId);
  const ours = page && new URL(".", page.url).href === scope;
  return ours ? library.answer(request) : fetch(request);
}
