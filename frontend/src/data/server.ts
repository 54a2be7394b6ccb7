/** What went wrong, in words for people; as problem+json of a server. */
export interface Problem {
  /** What was wanted and what was found. */
  readonly title: string;
  /** What to do next; may be empty. */
  readonly detail: string;
  /** The status of the answer; 0 if there was none. */
  readonly status: number;
}

/** The server refused, or did not answer; `problem` says why. */
export class ServerError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.title, options);
    this.name = "ServerError";
    this.problem = problem;
  }
}

export type Fetch = (address: string, request?: RequestInit) => Promise<Response>;

const TOKEN = "meta[name=review-token]";
const REFUSED = 403;

/** A server that writes: its pages prove by a token that it handed them out itself. */
export class Server {
  /** Address of the page, with a slash at its end. */
  readonly base: string;
  readonly #command: string;
  readonly #fetch: Fetch;
  #token: string;

  /** `command` is what starts the server again. */
  constructor(base: string, token: string, command: string, fetch: Fetch) {
    this.base = base;
    this.#token = token;
    this.#command = command;
    this.#fetch = fetch;
  }

  /** Return the server that handed out this page, or the one that answers in a folder below it. */
  static ofPage(command: string, below = ""): Server {
    const base = new URL(below || ".", document.baseURI).href;
    return new Server(base, tokenOf(document), command, window.fetch.bind(window));
  }

  async json<T>(path: string, request: RequestInit = {}): Promise<T> {
    return (await (await this.ask(path, request)).json()) as T;
  }

  /** Send something as JSON and return the answer. */
  send<T>(path: string, content: unknown): Promise<T> {
    return this.json(path, {
      method: "POST",
      body: JSON.stringify(content),
      headers: { "content-type": "application/json" },
    });
  }

  /** Return the answer to a request; fails with words for people. */
  async ask(path: string, request: RequestInit = {}): Promise<Response> {
    const answer = await this.#once(path, request);
    if (answer.ok) return answer;
    const again = answer.status === REFUSED && (await this.#renewed());
    const last = again ? await this.#once(path, request) : answer;
    if (!last.ok) throw new ServerError(await problemOf(last));
    return last;
  }

  /** Take the token of a server that was started again; false if it is the same one. */
  async #renewed(): Promise<boolean> {
    const page = await this.#once("", {});
    const token = tokenOf(new DOMParser().parseFromString(await page.text(), "text/html"));
    const changed = token !== "" && token !== this.#token;
    if (changed) this.#token = token;
    return changed;
  }

  async #once(path: string, request: RequestInit): Promise<Response> {
    const headers = new Headers(request.headers);
    headers.set("x-review-token", this.#token);
    try {
      return await this.#fetch(this.base + path, { ...request, headers, cache: "no-store" });
    } catch (error) {
      const title = "The server does not answer.";
      const detail = `Start ${this.#command} again, then reload this page. What was saved before is kept.`;
      throw new ServerError({ title, detail, status: 0 }, { cause: error });
    }
  }
}

function tokenOf(page: Document): string {
  return page.querySelector<HTMLMetaElement>(TOKEN)?.content ?? "";
}

async function problemOf(answer: Response): Promise<Problem> {
  const told = answer.headers.get("content-type")?.startsWith("application/problem+json");
  if (told) return (await answer.json()) as Problem;
  return { title: `The server answered ${answer.status}.`, detail: "", status: answer.status };
}
