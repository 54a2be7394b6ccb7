import type { Server } from "../data/server";
import type {
  Examination,
  Found,
  Medium,
  Name,
  NameList,
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

/** The review's server, as one tool sees it. What a write answers is on its disk. */
export class Api {
  readonly tool: Tool;
  /** Null for the tools that review no labels. */
  readonly labels: Labels | null;
  /** Whose statements they are; empty for whom the server was started by. */
  readonly who: string;
  readonly #server: Server;

  constructor(tool: Tool, server: Server, labels: Labels | null = null, who = "") {
    this.tool = tool;
    this.labels = labels;
    this.who = who;
    this.#server = server;
  }

  /** Return the same server, asked about some labels. */
  about({ rank, encoder }: Labels): Api {
    return new Api(this.tool, this.#server, { rank, encoder }, this.who);
  }

  session(): Promise<Session> {
    return this.#server.json("api/session");
  }

  queue(order: Order, offset: number, limit: number): Promise<Queue> {
    const asked = { tool: this.tool, order, offset: String(offset), limit: String(limit) };
    return this.#server.json(`api/queue${this.#query(asked)}`);
  }

  medium(id: string): Promise<Medium> {
    return this.#server.json(`api/${this.tool}/${id}${this.#query()}`);
  }

  async find(name: string): Promise<string | null> {
    const path = `api/find${this.#query({ tool: this.tool, name })}`;
    return (await this.#server.json<Found>(path)).id ?? null;
  }

  /** Return which labels can be reviewed; fails where none were examined. */
  examination(): Promise<Examination> {
    return this.#server.json("api/examination");
  }

  /** Return why the label of a medium is suspected. */
  reasons(id: string): Promise<Reasons> {
    return this.#server.json(`api/labels/${id}/reasons${this.#query()}`);
  }

  /** Return names of the rank under review that a text may mean. */
  async names(text: string): Promise<readonly Name[]> {
    return (await this.#server.json<NameList>(`api/names${this.#query({ text })}`)).names;
  }

  /** Return the address of a picture; `part` is one of several cut-outs. */
  address(id: string, kind: Kind, part?: string): string {
    const address = `${this.#server.base}api/${this.tool}/${id}/${kind}`;
    return part ? `${address}?part=${part}` : address;
  }

  state(id: string, statements: readonly Statement[]): Promise<Stated> {
    return this.#server.send(`api/${this.tool}/${id}/statements${this.#query(this.#said())}`, {
      statements,
    });
  }

  saveMask(id: string, png: Blob): Promise<Stated> {
    return this.#server.json(`api/cutout/${id}/mask${this.#query(this.#said())}`, {
      method: "PUT",
      body: png,
      headers: { "content-type": "image/png" },
    });
  }

  /** Return a picture as it is now. */
  async picture(id: string, kind: Kind): Promise<Blob> {
    return (await this.#server.ask(`api/${this.tool}/${id}/${kind}`)).blob();
  }

  #said(): Record<string, string> {
    return this.who ? { who: this.who } : {};
  }

  /** Return what an address asks for, with the labels under review. */
  #query(asked: Record<string, string> = {}): string {
    const query = new URLSearchParams({ ...asked, ...this.labels }).toString();
    return query && `?${query}`;
  }
}
