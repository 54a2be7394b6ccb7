import type { Medium, Name, NameList, Session, Stated, Statement } from "../curate/schema";
import { Server } from "../data/server";
import { Api, tasksOf } from "../sort/api";
import type { FoundMedium, Label, SortTask } from "../sort/schema";
import { texts } from "./texts";

/** What a curator may state of one medium. */
export type Subject = "upright" | "cutout" | "name";

/** Says to the servers of the review and of the sorting what a curator states. */
export class Keeper {
  readonly #review: Server;
  readonly #sort: Server;

  constructor(review?: Server, sort?: Server) {
    this.#review = review ?? Server.ofPage(texts.command, "curate/");
    this.#sort = sort ?? Server.ofPage(texts.command, "sort/");
  }

  /** Return the name that the server proposes for whoever sits here. */
  async proposedWho(): Promise<string> {
    return (await this.#review.json<Session>("api/session")).who;
  }

  medium(subject: Subject, id: string): Promise<Medium> {
    return this.#review.json(`api/${subject}/${id}`);
  }

  /** Return the address of the picture that is turned. */
  picture({ id, cutouts }: Medium): string {
    return `${this.#review.base}api/upright/${id}/${cutouts.length ? "cutout" : "photograph"}`;
  }

  /** Return the address of the editor of masks. */
  editor(photograph: string, who: string): string {
    const asked = new URLSearchParams({ tool: "cutout", id: photograph, who });
    return `${this.#review.base}?${asked.toString()}`;
  }

  /** State something; on the server's disk when it returns. */
  state(
    subject: Subject,
    id: string,
    statements: readonly Statement[],
    asked: Record<string, string>,
  ): Promise<Stated> {
    const query = new URLSearchParams(asked).toString();
    return this.#review.send(`api/${subject}/${id}/statements?${query}`, { statements });
  }

  async names(rank: string, text: string): Promise<readonly Name[]> {
    const query = new URLSearchParams({ rank, text }).toString();
    return (await this.#review.json<NameList>(`api/names?${query}`)).names;
  }

  async tasks(): Promise<readonly SortTask[]> {
    return (await tasksOf(this.#sort)).tasks;
  }

  /** Return what this person said of a medium, or what all agree on. */
  async sorted(task: string, id: string, who: string): Promise<string | null> {
    const { medium }: FoundMedium = { medium: await new Api(this.#sort, task).find(id, who) };
    return medium?.said ?? medium?.label ?? null;
  }

  /** Say how media are sorted; return what undoes it. */
  async sort(task: string, who: string, labels: readonly Label[]): Promise<readonly Label[]> {
    return (await new Api(this.#sort, task).say(who, labels)).before;
  }
}
