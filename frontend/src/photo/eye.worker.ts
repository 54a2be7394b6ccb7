import * as ort from "onnxruntime-web/wasm";

/** What a worker is handed first: what runs networks, and a network. */
export interface Opening {
  readonly runtime: ArrayBuffer;
  readonly network: ArrayBuffer;
}

/** An input of the network. */
export interface Sight {
  readonly pixels: Float32Array;
  readonly side: number;
}

/** What it answers: that it is ready, features, or why there are none. */
export type Answer =
  { readonly ready: true } | { readonly features: Float32Array } | { readonly failed: string };

let session: Promise<ort.InferenceSession> | null = null;

self.addEventListener("message", ({ data }: MessageEvent<Opening | Sight>) => {
  const working = "runtime" in data ? open(data) : look(data);
  working.then(answer, (error: unknown) => {
    answer({ failed: error instanceof Error ? error.message : String(error) });
  });
});

function answer(told: Answer): void {
  (self as unknown as { postMessage(told: Answer): void }).postMessage(told);
}

async function open({ runtime, network }: Opening): Promise<Answer> {
  ort.env.wasm.wasmBinary = runtime;
  // more need headers that plain hosts do not send
  ort.env.wasm.numThreads = 1;
  session = ort.InferenceSession.create(network, { executionProviders: ["wasm"] });
  await session;
  return { ready: true };
}

async function look({ pixels, side }: Sight): Promise<Answer> {
  if (!session) throw new Error("there is no network");
  const input = new ort.Tensor("float32", pixels, [1, 3, side, side]);
  const { features } = await (await session).run({ pixels: input });
  if (!(features?.data instanceof Float32Array)) throw new Error("it gives no features");
  return { features: features.data };
}
