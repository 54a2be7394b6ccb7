import type { Server } from "../data/server";
import type {
  Applied,
  FoundMedium,
  Imported,
  Label,
  QueueList,
  RoundList,
  Saved,
  SortAudit,
  SortMedium,
  SortQueue,
  SortState,
  TaskList,
} from "./schema";

export type QueueName = SortQueue["name"];
export type Picture = "photograph" | "small";

/** All queues there are, in no order that means anything. */
export const QUEUES: readonly QueueName[] = [
  "next",
  "lot",
  "A",
  "B",
  "C",
  "D",
  "NOTSURE",
  "MISPREDICTION",
  "UNCERTAIN",
  "unsure",
  "conflicts",
  "labelled",
  "unlabelled",
  "blurred",
  "dark",
  "tiny",
  "duplicates",
  "odd-aspect",
];

/** Media that one request may label. */
export const MAX_LABELS = 5000;

/** Where the kinds A to D part: the share of media that is low in entropy, and what is sure. */
export interface Thresholds {
  readonly quantile?: number;
  readonly confidence?: number;
}

/** Which part of a queue is wanted, as one person sees it. */
export interface Asked extends Thresholds {
  readonly name: QueueName;
  readonly who: string;
  readonly offset: number;
  readonly limit: number;
}

/** Return the tasks of a collection. */
export function tasksOf(server: Server): Promise<TaskList> {
  return server.json("api/tasks");
}

/** The server, asked about one task. What a write answers is on its disk. */
export class Api {
  readonly task: string;
  readonly server: Server;
  /** Where the kinds part for all who do not ask for other thresholds. */
  thresholds: Thresholds = {};
  readonly #path: string;

  constructor(server: Server, task: string) {
    this.server = server;
    this.task = task;
    this.#path = `api/sort/${encodeURIComponent(task)}`;
  }

  state(): Promise<SortState> {
    return this.server.json(this.#path);
  }

  queue(asked: Asked): Promise<SortQueue> {
    return this.server.json(`${this.#path}/queue${query({ ...this.thresholds, ...asked })}`);
  }

  /** Return the medium that an id, an identifier of its source or a file's name means. */
  async find(name: string, who: string): Promise<SortMedium | null> {
    const path = `${this.#path}/find${query({ name, who })}`;
    return (await this.server.json<FoundMedium>(path)).medium;
  }

  queues(who: string): Promise<QueueList> {
    return this.server.json(`${this.#path}/queues${query({ who, ...this.thresholds })}`);
  }

  /** Say something of media; `settled` decides between people that disagree. */
  say(who: string, labels: readonly Label[], settled = false): Promise<Saved> {
    return this.server.send(`${this.#path}/labels`, { who, labels, settled });
  }

  /** Start a round; it runs on after this returns. */
  async train(who: string): Promise<void> {
    await this.server.send(`${this.#path}/rounds`, { who });
  }

  rounds(): Promise<RoundList> {
    return this.server.json(`${this.#path}/rounds`);
  }

  audit(precision?: number): Promise<SortAudit> {
    return this.server.json(`${this.#path}/audit${query({ precision })}`);
  }

  apply(precision?: number): Promise<Applied> {
    return this.server.send(`${this.#path}/apply${query({ precision })}`, {});
  }

  /** Return the address of a file with what was sorted, such as `table.csv`. */
  exported(kind: string): string {
    return `${this.server.base}${this.#path}/export/${encodeURIComponent(kind)}`;
  }

  /** Read a file of labels, or of updates, as somebody's statements. */
  bring(who: string, content: Blob): Promise<Imported> {
    return this.server.json(`${this.#path}/import${query({ who })}`, {
      method: "POST",
      body: content,
      headers: { "content-type": "application/json" },
    });
  }

  /** Return the address of a picture; a version lets the browser keep it for good. */
  picture({ id, version }: { id: string; version: string }, kind: Picture): string {
    return `${this.server.base}api/pictures/${id}/${kind}${query({ v: version || undefined })}`;
  }
}

/** Return what is asked for as `?…`, without what was not said. */
function query(asked: Record<string, string | number | undefined>): string {
  const said = new URLSearchParams();
  for (const [name, value] of Object.entries(asked))
    if (value !== undefined) said.set(name, String(value));
  const text = said.toString();
  return text && `?${text}`;
}
