import type { Liked } from "../curate/schema";
import type { DataSource } from "../data/source";
import { type Problem, Server, ServerError } from "../data/server";
import { type Like, rowsOf } from "./results";
import { shrunk } from "./shrunk";
import { texts } from "./texts";

export type Step = keyof typeof texts.steps;

/** Hears each step as it begins, and how much of it is done where that is known. */
export type Tell = (step: Step, share?: number) => void;

/** What was compared, and what is like it. */
export interface Looked {
  /** The address of the picture that was compared. */
  readonly picture: string;
  readonly caption: string;
  readonly likes: readonly Like[];
}

/** Finds what is like a photograph. */
export interface Looker {
  /** What becomes of a photograph, and what it costs to ask for the first. */
  readonly promises: () => readonly string[];
  readonly look: (photograph: Blob, tell: Tell) => Promise<Looked>;
}

const KINDS = new Set(["image/jpeg", "image/png", "image/webp"]);

/** Return what asks the server that handed out this page. */
export function serverLooker(
  source: Pick<DataSource, "rowOf">,
  server = Server.ofPage(texts.command),
): Looker {
  const look = async (photograph: Blob, tell: Tell): Promise<Liked> => {
    tell("reading");
    const sent = await shrunk(photograph);
    if (!KINDS.has(sent.type)) throw unreadable();
    tell("sending");
    const answer = await server.ask("api/photograph", {
      method: "POST",
      body: sent,
      headers: { "content-type": sent.type },
    });
    for await (const told of lines(answer)) {
      if (isRecord(told["problem"])) throw new ServerError(told["problem"] as unknown as Problem);
      if (isRecord(told["liked"])) return told["liked"] as unknown as Liked;
      const { step } = told;
      if (typeof step === "string" && step in texts.steps) tell(step as Step);
    }
    throw refused(texts.unfinished, texts.again);
  };
  return {
    promises: () => [texts.promise],
    look: async (photograph, tell) => {
      const liked = await look(photograph, tell);
      const caption = texts.cut(liked.n_specimens);
      return { picture: liked.picture, caption, likes: await rowsOf(source, liked) };
    },
  };
}

/** What to say of a file that is no photograph. */
export function unreadable(): ServerError {
  return refused(texts.unreadable, texts.unreadableHint);
}

/** The objects of an answer that comes as lines of JSON, each as soon as it is there. */
export async function* lines(answer: Response): AsyncGenerator<Record<string, unknown>> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  while (reader) {
    const read = await reader.read().catch(() => null);
    if (!read || read.done) return;
    const whole = (rest + read.value).split("\n");
    rest = whole.pop() ?? "";
    for (const line of whole) {
      const told: unknown = JSON.parse(line);
      if (isRecord(told)) yield told;
    }
  }
}

function refused(title: string, detail: string): ServerError {
  return new ServerError({ title, detail, status: 422 });
}

function isRecord(one: unknown): one is Record<string, unknown> {
  return typeof one === "object" && one !== null;
}
