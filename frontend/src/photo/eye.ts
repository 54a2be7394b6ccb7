import type { Answer, Opening, Sight } from "./eye.worker";

/** An encoder that runs in a worker, so that the map stays quick. */
export class Eye {
  readonly #worker = new Worker(new URL("./eye.worker.ts", import.meta.url), { type: "module" });
  #line: Promise<unknown> = Promise.resolve();

  /** Make ready; the buffers are handed over and empty afterwards. */
  async open(opening: Opening): Promise<void> {
    await this.#ask(opening, [opening.runtime, opening.network]);
  }

  /** Return the features of an input. */
  async look(sight: Sight): Promise<Float32Array> {
    const answer = await this.#ask(sight, [sight.pixels.buffer as ArrayBuffer]);
    if (!("features" in answer)) throw new Error("the worker answered something else");
    return answer.features;
  }

  /** End the worker; its memory is free again. */
  close(): void {
    this.#worker.terminate();
  }

  /** One after the other: answers come in the order of what was asked. */
  #ask(asked: Opening | Sight, transfer: readonly ArrayBuffer[]): Promise<Answer> {
    const answered = this.#line.then(() => this.#once(asked, transfer));
    this.#line = answered.catch(() => undefined);
    return answered;
  }

  #once(asked: Opening | Sight, transfer: readonly ArrayBuffer[]): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#worker.onerror = ({ message }) => {
        reject(new Error(message || "the worker could not be started"));
      };
      this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => {
        if ("failed" in data) reject(new Error(data.failed));
        else resolve(data);
      };
      this.#worker.postMessage(asked, [...transfer]);
    });
  }
}
