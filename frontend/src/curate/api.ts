import type {
  Examination,
  Found,
  Medium,
  Name,
  NameList,
  Problem,
  Queue,
  Reasons,
  Session,
  Stated,
  Statement,
} from "./schema";

export type Tool = "cutout" | "upright" | "labels";
export type Order = "worst" | "least-sure" | "unseen" | "judged";
export type Kind = "photograph" | "small" | "mask" | "drawn" | "cutout";

/** Which labels are reviewed: of one rank, as one encoder's features suspect them. */
export interface Labels {
  readonly rank: string;
  readonly encoder: string;
}

/** The server refused, or did not answer; `problem` says why, in words for people. */
export class ReviewError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.title, options);
    this.name = "ReviewError";
    this.problem = problem;
  }
}

type Fetch = (address: string, request?: RequestInit) => Promise<Response>;

/** The review's server, as one tool sees it. What a write answers is on its disk. */
export class Api {
  readonly tool: Tool;
  /** Null for the tools that review no labels. */
  readonly labels: Labels | null;
  readonly #base: string;
  readonly #token: string;
  readonly #fetch: Fetch;

  constructor(tool: Tool, token: string, base: string, fetch: Fetch, labels: Labels | null = null) {
    this.tool = tool;
    this.labels = labels;
    this.#token = token;
    this.#base = base;
    this.#fetch = fetch;
  }

  /** Return the same server, asked about some labels. */
  about({ rank, encoder }: Labels): Api {
    return new Api(this.tool, this.#token, this.#base, this.#fetch, { rank, encoder });
  }

  session(): Promise<Session> {
    return this.#json("api/session");
  }

  queue(order: Order, offset: number, limit: number): Promise<Queue> {
    const asked = { tool: this.tool, order, offset: String(offset), limit: String(limit) };
    return this.#json(`api/queue${this.#query(asked)}`);
  }

  medium(id: string): Promise<Medium> {
    return this.#json(`api/${this.tool}/${id}${this.#query()}`);
  }

  async find(name: string): Promise<string | null> {
    const path = `api/find${this.#query({ tool: this.tool, name })}`;
    return (await this.#json<Found>(path)).id ?? null;
  }

  /** Return which labels can be reviewed; fails where none were examined. */
  examination(): Promise<Examination> {
    return this.#json("api/examination");
  }

  /** Return why the label of a medium is suspected. */
  reasons(id: string): Promise<Reasons> {
    return this.#json(`api/labels/${id}/reasons${this.#query()}`);
  }

  /** Return names of the rank under review that a text may mean. */
  async names(text: string): Promise<readonly Name[]> {
    return (await this.#json<NameList>(`api/names${this.#query({ text })}`)).names;
  }

  /** Return the address of a picture; `part` is one of several cut-outs. */
  address(id: string, kind: Kind, part?: string): string {
    const address = `${this.#base}api/${this.tool}/${id}/${kind}`;
    return part ? `${address}?part=${part}` : address;
  }

  state(id: string, statements: readonly Statement[]): Promise<Stated> {
    return this.#json(`api/${this.tool}/${id}/statements${this.#query()}`, {
      method: "POST",
      body: JSON.stringify({ statements }),
      headers: { "content-type": "application/json" },
    });
  }

  saveMask(id: string, png: Blob): Promise<Stated> {
    return this.#json(`api/cutout/${id}/mask`, {
      method: "PUT",
      body: png,
      headers: { "content-type": "image/png" },
    });
  }

  /** Return a picture as it is now. */
  async picture(id: string, kind: Kind): Promise<Blob> {
    return (await this.#ask(this.address(id, kind), {})).blob();
  }

  /** Return what an address asks for, with the labels under review. */
  #query(asked: Record<string, string> = {}): string {
    const query = new URLSearchParams({ ...asked, ...this.labels }).toString();
    return query && `?${query}`;
  }

  async #json<T>(path: string, request: RequestInit = {}): Promise<T> {
    return (await (await this.#ask(this.#base + path, request)).json()) as T;
  }

  async #ask(address: string, request: RequestInit): Promise<Response> {
    const headers = new Headers(request.headers);
    headers.set("x-review-token", this.#token);
    let answer: Response;
    try {
      answer = await this.#fetch(address, { ...request, headers, cache: "no-store" });
    } catch (error) {
      throw new ReviewError(SILENT, { cause: error });
    }
    if (!answer.ok) throw new ReviewError(await problemOf(answer));
    return answer;
  }
}

const SILENT: Problem = {
  title: "The server does not answer.",
  detail: "Start wk review again, then reload this page. What was saved before is kept.",
  status: 0,
};

async function problemOf(answer: Response): Promise<Problem> {
  const told = answer.headers.get("content-type")?.startsWith("application/problem+json");
  if (told) return (await answer.json()) as Problem;
  return { title: `The server answered ${answer.status}.`, detail: "", status: answer.status };
}
