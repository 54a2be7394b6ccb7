import type { Liked } from "../curate/schema";
import { type Problem, Server, ServerError } from "../data/server";
import { shrunk } from "./shrunk";
import { texts } from "./texts";

export type Step = keyof typeof texts.steps;

/** Finds what is like a photograph; `tell` hears each step as it begins. */
export type Looker = (photograph: Blob, tell: (step: Step) => void) => Promise<Liked>;

const KINDS = new Set(["image/jpeg", "image/png", "image/webp"]);

/** Return what asks the server that handed out this page. */
export function serverLooker(server = Server.ofPage(texts.command)): Looker {
  return async (photograph, tell) => {
    tell("reading");
    const sent = await shrunk(photograph);
    if (!KINDS.has(sent.type)) throw refused(texts.unreadable, texts.unreadableHint);
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
